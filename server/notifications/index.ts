import type { Queryable, Transaction } from '#database'
import type { AbsorbedCall } from '#external-calls'
import type { Sweep } from '#jobs'
import { createDeliverer, type DeliveryNeeds } from './deliver.ts'
import {
  countNotifications,
  listNotifications,
  listTold,
  type NotificationCounts,
  type NotificationFilter,
  type NotificationRow,
  type Told,
} from './queries.ts'
import { redrive } from './redrive.ts'

export type { DeliveryReport, DeliveryReportReader, ReportRequest, ReportsRead, SaidDelivery } from './delivery-report-reader.ts'
export { type SaidOfMessage, deliveryEvidences } from './delivery-report-queries.ts'
export type { ReportSource } from './delivery-reports.ts'
export { type DeliveryReports, openDeliveryReports } from './open-delivery-reports.ts'
export type { MessageData, NotificationKind, WrittenMessage } from './messages.ts'
export type { NotificationProvider, OutgoingMessage } from './notification-provider.ts'
export {
  type Channel,
  channels,
  type NotificationAttempt,
  type NotificationCounts,
  type NotificationFilter,
  type NotificationRow,
  type NotificationState,
  notificationStates,
  type Told,
} from './queries.ts'

export interface Notifications {
  /** Given to createAbsorbed: inline, the rows of one transaction are delivered together after it stood; in queue mode workers are woken. */
  promised: (tx: Transaction, id: string, call: AbsorbedCall) => void
  /** Joined by the assembly: asked at sending whether what a message says still holds. Null, or why it ends SKIPPED. */
  whenSending(stillHolds: DeliveryNeeds['stillHolds']): void
  /** Whether people were told about these, oldest first. */
  listFor(db: Queryable, aboutIds: string[]): Promise<Map<string, Told[]>>
  /** Newest first, at most `limit`; ask for one more than a page to know of a next. */
  list(db: Queryable, filter: NotificationFilter): Promise<NotificationRow[]>
  /** One more attempt at a failed message, now. Throws not_found, notification_not_failed. */
  redrive(id: string, operatorId: string): Promise<NotificationRow>
  counts(db: Queryable): Promise<NotificationCounts[]>
  sweeps: Sweep[]
  /** Waits for deliveries under way, before the database is closed. */
  settled: () => Promise<void>
}

export function openNotifications(needs: Omit<DeliveryNeeds, 'stillHolds'>): Notifications {
  let stillHolds: DeliveryNeeds['stillHolds'] | undefined
  const deliverer = createDeliverer({
    ...needs,
    stillHolds(call) {
      if (!stillHolds) throw new Error('Nobody was joined to say whether a message still holds.')
      return stillHolds(call)
    },
  })
  return {
    promised: deliverer.promised,
    whenSending: (asked) => void (stillHolds = asked),
    listFor: listTold,
    list: listNotifications,
    redrive: (id, operatorId) => redrive({ database: needs.database, deliverer }, id, operatorId),
    counts: countNotifications,
    // In queue mode a poll behind the wake-up after each commit, for retries and for rows other processes wrote.
    sweeps: [{ name: 'deliver-notifications', everyMs: needs.settings.delivery === 'queue' ? 1_000 : 5_000, run: deliverer.deliverDue }],
    settled: deliverer.settled,
  }
}
