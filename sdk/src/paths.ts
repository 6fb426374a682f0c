/** The shapes of the HTTP interface, by path. */

export type Text = { ar: string; en: string }
export type Money = { amountMinor: number; currency: string }

export type Branch = { id: string; name: Text; zone: string; address: Text }
export type CancellationStep = { hoursBefore: number; refundPercent: number }
export type Business = {
  id: string
  slug: string
  name: Text
  description: Text
  currency: string
  zone: string
  branches: Branch[]
  policy: { cancellation: CancellationStep[]; text?: Text }
}
export type Resource = { id: string; kind: string; name: Text }
export type Service = {
  id: string
  name: Text
  description: Text
  durationMinutes: number
  price: Money
  requiresPayment: boolean
  branchId: string
  resources: Resource[]
}
export type Slot = { startsAt: string; endsAt: string; resourceIds: string[] }
export type Slots = { zone: string; slots: Slot[] }

export type Challenge = { challengeId: string; expiresAt: string; resendAt: string }
export type Account = { id: string; name: string | null; locale: string; phone: string }
export type Session = { accessToken: string; expiresAt: string; account: Account }
export type Role = { role: 'platform_admin' | 'owner' | 'staff'; businessId: string | null }
export type Me = Account & { roles: Role[] }

export type BookingStatus = 'held' | 'confirmed' | 'completed' | 'no_show' | 'cancelled' | 'expired'
export type PaymentStatus =
  | 'intent'
  | 'redirected'
  | 'unknown'
  | 'paid'
  | 'failed'
  | 'expired'
  | 'integrity_failure'
  | 'refund_due'
  | 'refunded'
  | 'refund_failed'
export type NotificationStatus = 'PENDING' | 'SENT' | 'FAILED' | 'SKIPPED'

export type BookingPayment = {
  id: string
  status: PaymentStatus
  disposition: string | null
  redirectUrl: string | null
  refunded: Money | null
}
export type Booking = {
  id: string
  reference: string
  status: BookingStatus
  version: number
  startsAt: string
  endsAt: string
  zone: string
  expiresAt: string | null
  createdAt: string
  businessSlug: string
  businessName: Text
  branchName: Text
  branchAddress: Text
  serviceId: string
  serviceName: Text
  resources: Resource[]
  attendeeName: string | null
  note: string | null
  price: Money
  amountDue: Money
  payment: BookingPayment | null
  notifications: { kind: string; channel: string; status: NotificationStatus; reason: string | null; createdAt: string }[]
  allowed: { pay: boolean; cancel: boolean; reschedule: boolean }
}
export type NewBooking = {
  businessSlug: string
  serviceId: string
  startsAt: string
  resourceId?: string
  branchId?: string
  attendeeName?: string
  note?: string
}
export type StartedPayment = { id: string; status: PaymentStatus; amount: Money; redirectUrl: string | null; expiresAt: string }
export type Payment = {
  id: string
  bookingId: string
  status: PaymentStatus
  disposition: string | null
  redirectUrl: string | null
  amount: Money
}
export type CancelPreview = { refund: Money; refundPercent: number; reason: Text }

export type OpsNotification = {
  id: string
  kind: string
  version: number
  channel: string
  provider: string | null
  recipient: string
  status: NotificationStatus
  reason: string | null
  attempts: {
    startedAt: string
    finishedAt: string | null
    provider: string
    result: string
    errorType: string | null
    detail: string | null
  }[]
  aboutId: string
  businessId: string
  createdAt: string
  sentAt: string | null
}
export type OpsPayment = {
  id: string
  bookingId: string
  bookingReference: string
  state: string
  disposition: string | null
  amount: Money
  gatewayRef: string | null
  createdAt: string
  nextCheckAt: string | null
  checks: number
}
export type Page<T> = { items: T[]; nextCursor: string | null }

type Paging = { cursor?: string; limit?: number }
type Read<Answer, Path = never, Query = never> = {
  get: { parameters: Parameters<Path, Query>; responses: { 200: { content: { 'application/json': Answer } } } }
}
type Write<Status extends number, Answer, Body = never, Path = never, Keyed = false> = {
  post: {
    parameters: Parameters<Path, never> & ([Keyed] extends [true] ? { header: { 'Idempotency-Key': string } } : { header?: never })
    responses: { [S in Status]: { content: { 'application/json': Answer } } }
  } & ([Body] extends [never] ? { requestBody?: never } : { requestBody: { content: { 'application/json': Body } } })
}
type Parameters<Path, Query> = ([Path] extends [never] ? { path?: never } : { path: Path }) &
  ([Query] extends [never] ? { query?: never } : { query?: Query })
type Id = { id: string }
type Slug = { slug: string }

export interface paths {
  '/v1/businesses': Read<Page<Business>, never, Paging & { query?: string }>
  '/v1/businesses/{slug}': Read<Business, Slug>
  '/v1/businesses/{slug}/services': Read<Page<Service>, Slug>
  '/v1/businesses/{slug}/slots': Read<Slots, Slug, { serviceId: string; from: string; to: string; resourceId?: string; branchId?: string }>
  '/v1/auth/codes': Write<201, Challenge, { phone: string; locale?: 'ar' | 'en' }>
  '/v1/auth/sessions': Write<201, Session, { challengeId: string; code: string; name?: string }>
  '/v1/auth/sessions/refresh': Write<200, { accessToken: string; expiresAt: string }>
  '/v1/auth/sessions/current': { delete: { parameters: Parameters<never, never>; responses: { 204: { content?: never } } } }
  '/v1/me': Read<Me>
  '/v1/bookings': Read<Page<Booking>, never, Paging> & Write<201, Booking, NewBooking, never, true>
  '/v1/bookings/{id}': Read<Booking, Id>
  '/v1/bookings/{id}/payments': Write<201, StartedPayment, never, Id, true>
  '/v1/bookings/{id}/reschedule': Write<200, Booking, { startsAt: string; resourceId?: string }, Id, true>
  '/v1/bookings/{id}/cancel-preview': Read<CancelPreview, Id>
  '/v1/bookings/{id}/cancel': Write<200, Booking, { reason?: string }, Id, true>
  '/v1/bookings/{id}/calendar.ics': {
    get: { parameters: Parameters<Id, never>; responses: { 200: { content: { 'text/calendar': string } } } }
  }
  '/v1/payments/{id}': Read<Payment, Id>
  '/v1/ops/notifications': Read<
    Page<OpsNotification>,
    never,
    Paging & { status?: NotificationStatus; channel?: string; provider?: string; from?: string; to?: string }
  >
  '/v1/ops/notifications/{id}/redrive': Write<200, OpsNotification, never, Id>
  '/v1/ops/payments': Read<Page<OpsPayment>, never, Paging & { state?: string }>
  '/v1/ops/payments/{id}/settle': Write<200, OpsPayment, never, Id>
}
