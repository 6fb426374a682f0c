import type { Queryable, Transaction } from '#database'
import { type AbsorbedCall, createSurfaced, type Readdress } from '#external-calls'
import type { Sweep } from '#jobs'
import { choiceOf, type MessagingChoice } from './choice-queries.ts'
import { choose, type MessagingOffer, offerOf } from './choose.ts'
import { createDeliverer, type DeliveryNeeds } from './delivery/deliver.ts'
import { followUpSweep } from './reports/delivery-reports.ts'
import { followUp } from './reports/follow-up.ts'
import { countMessages, type MessageCounts } from './by-hand/operator-queries.ts'
import {
  type Channel,
  countNotifications,
  findNotification,
  listNotifications,
  listReached,
  listTold,
  type NotificationCounts,
  type NotificationFilter,
  type NotificationRow,
  type NotificationWish,
  type Told,
} from './queries.ts'
import { firstAddress } from './delivery/plan.ts'
import { redrive } from './by-hand/redrive.ts'
import { redriveDue, redriveMany } from './by-hand/redrive-many.ts'
import { sendBy } from './by-hand/send-by.ts'
import { openSettleByAsking } from './reports/settle-by-asking.ts'
import { acknowledge } from './by-hand/set-aside.ts'

export type { DeliveryReport, DeliveryReportReader, ReportRequest, ReportsRead, SaidDelivery } from './reports/delivery-report-reader.ts'
export { deliveryEvidences } from './reports/report-queries.ts'
export type { MessageCounts } from './by-hand/operator-queries.ts'
export type { ReportSource } from './reports/delivery-reports.ts'
export { type DeliveryReports, openDeliveryReports } from './reports/open-delivery-reports.ts'
export { type MessagingChoice, proposeChannels } from './choice-queries.ts'
export { type MessageData, natureOf, type NotificationKind, notificationKinds, type WrittenMessage } from './messages.ts'
export { redrivesPerSecond } from './by-hand/redrive-many.ts'
export { messageTemplates } from './templates.ts'
export { smsSize } from './sms-segments.ts'
export { cautiousHours, type Hours, readHours } from './delivery/promotional-hours.ts'
export { type MessagePreview, previewMessages } from './preview-messages.ts'
export type { NotificationProvider, OutgoingMessage } from './notification-provider.ts'
export {
  type Channel,
  channels,
  type ErrorClass,
  errorClasses,
  type NotificationAttempt,
  type NotificationCounts,
  type NotificationFilter,
  type NotificationReport,
  type NotificationRow,
  type NotificationState,
  type NotificationWish,
  notificationStates,
  type Told,
} from './queries.ts'

export interface Notifications {
  /** Given to createAbsorbed: inline, the rows of one transaction are delivered together after it stood; in queue mode workers are woken. */
  promised: (tx: Transaction, id: string, call: AbsorbedCall) => void
  /** Joined by the assembly: asked at sending whether what a message says still holds. Null, or why it ends SKIPPED. */
  whenSending(stillHolds: DeliveryNeeds['stillHolds']): void
  /** Joined by the assembly: whom a number leads to, for other channels, for consent, and for numbers nobody has any more. */
  whenReaching(personAt: DeliveryNeeds['personAt']): void
  /** Given to createAbsorbed: the first channel of the business on which the person has an address. */
  readdress: Readdress
  /** Whether people were told about these, oldest first. */
  listFor(db: Queryable, aboutIds: string[]): Promise<Map<string, Told[]>>
  /** Of these bookings at these versions, whose customers were told of their time. */
  reached(db: Queryable, bookings: { aboutId: string; version: number }[]): Promise<Set<string>>
  /** Newest first, at most `limit`; ask for one more than a page to know of a next. */
  list(db: Queryable, filter: NotificationFilter): Promise<NotificationRow[]>
  find(db: Queryable, id: string): Promise<NotificationRow | undefined>
  /** One more attempt at a message that did not arrive, now. Throws not_found, notification_not_failed, notification_taken. */
  redrive(id: string, operatorId: string): Promise<NotificationRow>
  /** Lines up all failed messages that fit, a few a second. Resolves with how many. */
  redriveMany(wish: NotificationWish, operatorId: string): Promise<number>
  /** Sends it by another channel, to `recipient` there. Throws not_found, notification_not_failed, notification_taken, notification_channel_unfit. */
  sendBy(id: string, to: { channel: Channel; recipient: string | null }, operatorId: string): Promise<NotificationRow>
  /** Sets it aside: nothing more is done. Throws not_found, notification_not_open. */
  acknowledge(id: string, reason: string, operatorId: string): Promise<NotificationRow>
  /** How all messages stand, for the operator. */
  countAll(db: Queryable): Promise<MessageCounts>
  /** How a business wants its people told. */
  choiceOf: typeof choiceOf
  /** What a business may choose from. */
  offer: MessagingOffer
  /** Keeps how a business wants its people told. Throws messaging_not_offered. */
  choose(businessId: string, wish: Partial<MessagingChoice>, by: Parameters<typeof choose>[3]): Promise<MessagingChoice>
  counts(db: Queryable): Promise<NotificationCounts[]>
  sweeps: Sweep[]
  /** Waits for deliveries under way. */
  settled: () => Promise<void>
  /** Takes up nothing more and waits for deliveries under way: before the database is closed. */
  close: () => Promise<void>
}

export function openNotifications(needs: Omit<DeliveryNeeds, 'stillHolds' | 'personAt'>): Notifications {
  const { database } = needs
  const carried = new Set(needs.providers.map(({ channel }) => channel))
  const offer = offerOf(needs.providers)
  let stillHolds: DeliveryNeeds['stillHolds'] | undefined
  let personAt: DeliveryNeeds['personAt'] = async () => null
  const joined: DeliveryNeeds = {
    ...needs,
    personAt: (db, phone) => personAt(db, phone),
    stillHolds(call) {
      if (!stillHolds) throw new Error('Nobody was joined to say whether a message still holds.')
      return stillHolds(call)
    },
  }
  const deliverer = createDeliverer(joined)
  const surfaced = createSurfaced(needs.attempt)
  const askNeeds = { ...needs, surfaced, timeoutMs: needs.settings.timeoutMs }
  const settleByAsking = openSettleByAsking(askNeeds)
  return {
    promised: deliverer.promised,
    whenSending: (asked) => void (stillHolds = asked),
    whenReaching: (asked) => void (personAt = asked),
    readdress: (tx, call) => firstAddress(joined, tx, call),
    listFor: listTold,
    reached: listReached,
    list: listNotifications,
    find: findNotification,
    redrive: (id, operatorId) => redrive({ database, deliverer, settleByAsking }, id, operatorId),
    redriveMany: (wish, operatorId) => redriveMany(database, wish, operatorId),
    sendBy: (id, to, operatorId) => sendBy({ database, deliverer, settleByAsking, carried }, id, to, operatorId),
    acknowledge: (id, reason, operatorId) => acknowledge(database, id, reason, operatorId),
    countAll: countMessages,
    choiceOf,
    offer,
    choose: (businessId, wish, by) => choose({ database, offer }, businessId, wish, by),
    counts: countNotifications,
    // In queue mode a poll behind the wake-up after each commit, for retries and for rows other processes wrote.
    sweeps: [
      { name: 'deliver-notifications', everyMs: needs.settings.delivery === 'queue' ? 1_000 : 5_000, run: deliverer.deliverDue },
      { name: 'redrive-notifications', everyMs: 1_000, run: () => redriveDue({ database, deliverer, settleByAsking }) },
      // Woken by a report that a message can never arrive; the timer is for ends of which nobody knows.
      { name: followUpSweep, everyMs: 5_000, run: () => followUp({ ...askNeeds, deliverer, settleByAsking }) },
    ],
    settled: deliverer.settled,
    close: deliverer.close,
  }
}
