import { audit, type Database, transaction } from '#database'
import { problems as common } from '#http'
import type { Deliverer } from '../delivery/deliver.ts'
import { problems } from '../errors.ts'
import type { SettleByAsking } from '../reports/settle-by-asking.ts'
import { findNotification, type NotificationRow, reopen } from '../queries.ts'

/**
 * Tries a failed message once more, now, because a person says so: the booking is read again, the vendor is asked even
 * while its circuit is open, and the first failure is final. Where nobody knows whether the vendor took it, the vendor is asked
 * first. Throws not_found, notification_not_failed, notification_taken.
 */
export async function redrive(
  { database, deliverer, settleByAsking }: { database: Database; deliverer: Deliverer; settleByAsking: SettleByAsking },
  id: string,
  operatorId: string,
): Promise<NotificationRow> {
  if ((await settleByAsking([id])).has(id)) throw problems.notification_taken()
  const calls = await transaction(database, async (tx) => {
    const failed = await reopen(tx, id)
    if (!failed) throw (await findNotification(tx, id)) ? problems.notification_not_failed() : common.not_found()
    await audit(tx, {
      actorKind: 'operator',
      actorId: operatorId,
      action: 'notification.redriven',
      subject: 'notification',
      subjectId: id,
      businessId: failed.businessId,
      details: { kind: failed.kind },
    })
    return deliverer.claimAgain(tx, id)
  })
  await deliverer.deliverAgain(calls)
  const row = await findNotification(database, id)
  if (!row) throw new Error(`The notification ${id} was sent again and cannot be found.`)
  return row
}
