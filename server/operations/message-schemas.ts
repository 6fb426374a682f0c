import { Type } from 'typebox'
import { Body, Cursor, FreeText, Id, Instant, Limit, LocalDate, orNull, Page, Query, ref, TextPair } from '#http'
import { channels, deliveryEvidences, errorClasses, notificationStates } from '#notifications'

const oneOf = <const T extends readonly string[]>(choices: T, description: string) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...choices], description })
const Moment = (description: string) => Type.Optional(Type.Union([Instant, LocalDate], { description }))
const classes =
  'Whose fault the latest failure is: the recipient or the content, nobody, our settings, unknown whether it was sent, our own code.'

/** By what messages are chosen, to be looked at or to be sent again. */
const choice = {
  channel: Type.Optional(oneOf(channels, 'How it travels.')),
  provider: Type.Optional(
    Type.String({ pattern: '^[a-z][a-z0-9_-]*$', maxLength: 40, description: 'A vendor that was asked to carry it.' }),
  ),
  errorClass: Type.Optional(oneOf(errorClasses, classes)),
  kind: Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9-]*$', maxLength: 60, description: 'Which message: booking-confirmed.' })),
  businessId: Type.Optional(Id),
  business: Type.Optional(Type.String({ pattern: '^[a-z0-9-]+$', minLength: 1, maxLength: 60, description: 'Slug of the business.' })),
  olderThanMinutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 525_600, description: 'Written at least so long ago.' })),
  from: Moment('Written at or after this instant, or on or after this day in Riyadh.'),
  to: Moment('Written before this instant, or on or before this day in Riyadh.'),
}

export const NotificationsQuery = Query({
  ...choice,
  status: Type.Optional(oneOf(notificationStates, 'Where the message stands.')),
  delivery: Type.Optional(oneOf([...deliveryEvidences, 'none'] as const, 'What the vendor reports at most; none: nothing was reported.')),
  acknowledged: Type.Optional(Type.Boolean({ description: 'Whether a person set it aside.' })),
  open: Type.Optional(Type.Boolean({ description: 'Whether a person should look: it did not arrive, and nothing was done about it.' })),
  cursor: Type.Optional(Cursor),
  limit: Type.Optional(Limit),
})
export const RedriveMany = Body(choice)
export const RedrivenMany = Type.Object({
  count: Type.Integer({ description: 'How many were lined up.' }),
  perSecond: Type.Integer({ description: 'How many of them are sent in a second.' }),
})
export const SendBy = Body({ channel: oneOf(channels, 'Another channel than the message’s own.') })
export const Acknowledgement = Body({ reason: FreeText(500) })

const Delivery = orNull(oneOf(deliveryEvidences, 'What the vendor reports at most: evidence, and no proof.'))

export const Notification = Type.Object(
  {
    id: Id,
    kind: Type.String(),
    version: Type.Integer({ description: 'Of the booking when it was written.' }),
    channel: Type.String(),
    provider: orNull(Type.String()),
    recipient: Type.String({ description: 'Masked.' }),
    status: Type.String(),
    reason: orNull(Type.String()),
    errorClass: orNull(oneOf(errorClasses, classes)),
    attempts: Type.Array(
      Type.Object({
        startedAt: Instant,
        finishedAt: orNull(Instant),
        provider: Type.String(),
        result: orNull(Type.String()),
        errorType: orNull(Type.String()),
        errorClass: orNull(Type.String()),
        detail: orNull(Type.String()),
      }),
      { description: 'Oldest first; the latest twenty.' },
    ),
    delivery: Delivery,
    deliveryAt: orNull(Instant),
    reports: Type.Array(
      Type.Object({
        provider: Type.String(),
        said: Type.String({ description: 'In the vendor’s own word.' }),
        delivery: Delivery,
        errorCode: orNull(Type.String()),
        verified: Type.String({ description: 'How far its origin was proven: signature, path, look_up.' }),
        saidAt: orNull(Instant),
        receivedAt: Instant,
      }),
      { description: 'What the vendor reported, oldest first; the latest twenty.' },
    ),
    standsInFor: orNull(Id),
    stoodInBy: orNull(Id),
    acknowledgedAt: orNull(Instant),
    acknowledgedReason: orNull(Type.String()),
    redriveAt: orNull(Instant),
    nextAttemptAt: orNull(Instant),
    notAfter: Instant,
    aboutId: Id,
    bookingReference: orNull(Type.String()),
    businessId: Id,
    businessSlug: Type.String(),
    businessName: ref(TextPair),
    createdAt: Instant,
    endedAt: orNull(Instant),
    sentAt: orNull(Instant),
  },
  { $id: 'Notification', description: 'A message to someone about a booking, and what became of it.' },
)
export const Notifications = Page(ref(Notification))

export const NotificationCounts = Type.Object({
  failed: Type.Integer({ description: 'Failed, not set aside, and nothing stands in for them.' }),
  undelivered: Type.Integer({ description: 'Taken by a vendor that reports them as not delivered; likewise.' }),
  pending: Type.Integer(),
  oldestPendingAgeSeconds: Type.Number(),
  redriving: Type.Integer({ description: 'Lined up to be sent again.' }),
  lastDay: Type.Object({ sent: Type.Integer(), delivered: Type.Integer(), skipped: Type.Integer(), acknowledged: Type.Integer() }),
  errorClasses: Type.Array(Type.Object({ errorClass: orNull(Type.String()), count: Type.Integer() }), {
    description: 'Of the failed ones.',
  }),
})
