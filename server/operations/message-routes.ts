import type { Database } from '#database'
import { callerOf, fromCursor, ref, type Routes, toPage } from '#http'
import { type NotificationRow, type Notifications as NotificationsDoor, type NotificationWish, redrivesPerSecond } from '#notifications'
import { listSpan } from './list-span.ts'
import { addressFor, businessIdOf, type MessageSubject, subjectsOf } from './message-queries.ts'
import {
  Acknowledgement,
  Notification,
  NotificationCounts,
  Notifications,
  NotificationsQuery,
  RedriveMany,
  RedrivenMany,
  SendBy,
} from './message-schemas.ts'
import { ById } from './schemas.ts'

const tags = ['operations']
const config = { access: 'operator' } as const
const repeatable = { access: 'operator', idempotency: 'optional' } as const
/** No business has it: nothing is found by it. */
const nobody = '00000000-0000-0000-0000-000000000000'

/** What the operator sees of messages, and does about those that did not arrive. */
export function messageRoutes({ database, notifications }: { database: Database; notifications: NotificationsDoor }): Routes {
  type Asked = Omit<NotificationWish, 'from' | 'to'> & { business?: string; from?: string; to?: string }
  const readWish = async ({ business, from, to, ...wish }: Asked): Promise<NotificationWish> => ({
    ...wish,
    ...(business !== undefined && { businessId: (await businessIdOf(database, business)) ?? nobody }),
    ...listSpan({ from, to }),
  })
  const present = async (rows: NotificationRow[]) => {
    const subjects = await subjectsOf(database, rows)
    return (row: NotificationRow) => presentNotification(row, subjects.get(row.id)!)
  }
  const presentOne = async (row: NotificationRow) => (await present([row]))(row)

  return async (app) => {
    app.addSchema(Notification)
    app.get(
      '/v1/ops/notifications',
      {
        config,
        schema: {
          operationId: 'listNotifications',
          summary: 'Messages by state, newest first, each with its attempts and what vendors reported',
          tags,
          querystring: NotificationsQuery,
          response: { 200: Notifications },
        },
      },
      async ({ query: { cursor, limit = 20, ...asked } }) => {
        const rows = await notifications.list(database, { ...(await readWish(asked)), before: fromCursor(cursor), limit: limit + 1 })
        return toPage(rows, limit, await present(rows))
      },
    )
    app.get(
      '/v1/ops/notifications/counts',
      {
        config,
        schema: {
          operationId: 'countNotifications',
          summary: 'How all messages stand',
          tags,
          response: { 200: NotificationCounts },
        },
      },
      () => notifications.countAll(database),
    )
    app.post(
      '/v1/ops/notifications/redrive',
      {
        config: repeatable,
        schema: {
          operationId: 'redriveNotifications',
          summary: 'Line up all failed messages that fit, a few a second; each booking is read again before its message goes',
          tags,
          body: RedriveMany,
          response: { 200: RedrivenMany },
        },
      },
      async (request) => ({
        count: await notifications.redriveMany(await readWish(request.body), callerOf(request).accountId),
        perSecond: redrivesPerSecond,
      }),
    )
    app.post(
      '/v1/ops/notifications/:id/redrive',
      {
        config: repeatable,
        schema: {
          operationId: 'redriveNotification',
          summary: 'Try a message that did not arrive once more, now',
          tags,
          params: ById,
          response: { 200: ref(Notification) },
        },
      },
      async (request) => presentOne(await notifications.redrive(request.params.id, callerOf(request).accountId)),
    )
    app.post(
      '/v1/ops/notifications/:id/send-by',
      {
        config: repeatable,
        schema: {
          operationId: 'sendNotificationBy',
          summary: 'Send a message that did not arrive by another channel, now; what is answered is the new one',
          tags,
          params: ById,
          body: SendBy,
          response: { 200: ref(Notification) },
        },
      },
      async (request) => {
        const { id } = request.params
        const { channel } = request.body
        const recipient = await addressFor(database, id, channel)
        return presentOne(await notifications.sendBy(id, { channel, recipient }, callerOf(request).accountId))
      },
    )
    app.post(
      '/v1/ops/notifications/:id/acknowledge',
      {
        config: repeatable,
        schema: {
          operationId: 'acknowledgeNotification',
          summary: 'Set a message that did not arrive aside, with a reason: it raises no alarm any more',
          tags,
          params: ById,
          body: Acknowledgement,
          response: { 200: ref(Notification) },
        },
      },
      async (request) => presentOne(await notifications.acknowledge(request.params.id, request.body.reason, callerOf(request).accountId)),
    )
  }
}

const written = (instant: Temporal.Instant | null) => instant?.toString() ?? null

function presentNotification(row: NotificationRow, subject: MessageSubject) {
  return {
    ...row,
    ...subject,
    attempts: row.attempts.map(({ startedAt, finishedAt, ...attempt }) => ({
      ...attempt,
      startedAt: startedAt.toString(),
      finishedAt: written(finishedAt),
    })),
    reports: row.reports.map(({ saidAt, receivedAt, ...report }) => ({
      ...report,
      saidAt: written(saidAt),
      receivedAt: receivedAt.toString(),
    })),
    deliveryAt: written(row.deliveryAt),
    acknowledgedAt: written(row.acknowledgedAt),
    redriveAt: written(row.redriveAt),
    nextAttemptAt: written(row.nextAttemptAt),
    notAfter: row.notAfter.toString(),
    createdAt: row.createdAt.toString(),
    endedAt: written(row.endedAt),
    sentAt: written(row.sentAt),
  }
}
