import { audit, type Database, transaction } from '#database'
import { problems as common } from '#http'
import type { Deliverer } from '../delivery/deliver.ts'
import { problems } from '../errors.ts'
import { holdUnarrived, insertStandIn } from './operator-queries.ts'
import type { SettleByAsking } from '../reports/settle-by-asking.ts'
import { type Channel, findNotification, type NotificationRow } from '../queries.ts'

interface SendByNeeds {
  database: Database
  deliverer: Deliverer
  settleByAsking: SettleByAsking
  /** Channels for which the house has a vendor. */
  carried: ReadonlySet<Channel>
}

/**
 * Sends a message that did not arrive by another channel, now: a new row that stands in for it, so that both are seen.
 * `recipient` is the address there, null when there is none. Throws not_found, notification_not_failed, notification_taken,
 * notification_channel_unfit.
 */
export async function sendBy(
  { database, deliverer, settleByAsking, carried }: SendByNeeds,
  id: string,
  to: { channel: Channel; recipient: string | null },
  operatorId: string,
): Promise<NotificationRow> {
  if ((await settleByAsking([id])).has(id)) throw problems.notification_taken()
  const { standInId, calls } = await transaction(database, async (tx) => {
    const unarrived = await holdUnarrived(tx, id)
    if (!unarrived) throw (await findNotification(tx, id)) ? problems.notification_not_failed() : common.not_found()
    const { channel, recipient } = to
    if (channel === unarrived.channel || recipient === null || !carried.has(channel)) throw problems.notification_channel_unfit()
    const standIn = await insertStandIn(tx, id, { channel, recipient })
    if (!standIn) throw problems.notification_channel_unfit()
    await audit(tx, {
      actorKind: 'operator',
      actorId: operatorId,
      action: 'notification.sent_by_other_channel',
      subject: 'notification',
      subjectId: id,
      businessId: unarrived.businessId,
      details: { kind: unarrived.kind, from: unarrived.channel, to: channel, standIn: standIn.id },
    })
    return { standInId: standIn.id, calls: await deliverer.claimAgain(tx, standIn.id) }
  })
  await deliverer.deliverAgain(calls)
  const row = await findNotification(database, standInId)
  if (!row) throw new Error(`The notification ${standInId} was written and cannot be found.`)
  return row
}
