import { audit, type Database, transaction } from '#database'
import { problems as common } from '#http'
import { problems } from '../errors.ts'
import { setAside } from './operator-queries.ts'
import { findNotification, type NotificationRow } from '../queries.ts'

/**
 * A person has seen that a message did not arrive and says why nothing more is done: it raises no alarm any more. Nothing is
 * sent. Throws not_found, notification_not_open.
 */
export async function acknowledge(database: Database, id: string, reason: string, operatorId: string): Promise<NotificationRow> {
  await transaction(database, async (tx) => {
    const done = await setAside(tx, id, { by: operatorId, reason })
    if (!done) throw (await findNotification(tx, id)) ? problems.notification_not_open() : common.not_found()
    await audit(tx, {
      actorKind: 'operator',
      actorId: operatorId,
      action: 'notification.acknowledged',
      subject: 'notification',
      subjectId: id,
      businessId: done.businessId,
      details: { kind: done.kind, reason },
    })
  })
  const row = await findNotification(database, id)
  if (!row) throw new Error(`The notification ${id} was set aside and cannot be found.`)
  return row
}
