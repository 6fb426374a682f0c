import { randomUUID } from 'node:crypto'
import { audit, type Database, transaction } from '#database'
import type { Deliverer } from '../delivery/deliver.ts'
import { dueRedrives, lineUpRedrives, takeRedrives } from './operator-queries.ts'
import type { NotificationWish } from '../queries.ts'
import type { SettleByAsking } from '../reports/settle-by-asking.ts'

/** A vendor that comes back is not flooded, and neither are the customers. */
export const redrivesPerSecond = 5
const mostAtOnce = 5_000

/** Lines up every failed message that fits the wish, to be sent again one after another. Resolves with how many; they stay FAILED until their turn. */
export async function redriveMany(database: Database, wish: NotificationWish, operatorId: string): Promise<number> {
  return transaction(database, async (tx) => {
    const count = await lineUpRedrives(tx, wish, { by: operatorId, perSecond: redrivesPerSecond, most: mostAtOnce })
    await audit(tx, {
      actorKind: 'operator',
      actorId: operatorId,
      action: 'notification.many_redriven',
      subject: 'notification',
      subjectId: randomUUID(),
      businessId: wish.businessId,
      details: { count, ...wish, from: wish.from?.toString(), to: wish.to?.toString() },
    })
    return count
  })
}

/**
 * Sends those whose turn has come, a second's worth at most: the booking is read again, and the first failure is final. Those
 * that their vendor, when asked, says it took are not sent.
 */
export async function redriveDue({
  database,
  deliverer,
  settleByAsking,
}: {
  database: Database
  deliverer: Deliverer
  settleByAsking: SettleByAsking
}): Promise<number> {
  await settleByAsking(await dueRedrives(database, redrivesPerSecond))
  const calls = await transaction(database, async (tx) => {
    const due = await takeRedrives(tx, redrivesPerSecond)
    const claimed = []
    for (const { id, businessId, kind, by } of due) {
      await audit(tx, {
        actorKind: 'operator',
        actorId: by,
        action: 'notification.redriven',
        subject: 'notification',
        subjectId: id,
        businessId,
        details: { kind, many: true },
      })
      claimed.push(...(await deliverer.claimAgain(tx, id)))
    }
    return claimed
  })
  await deliverer.deliverAgain(calls)
  // Not “run me again at once”: a second's worth was done, and the next second is the timer's.
  return 0
}
