/** Names for the shapes of the generated contract, so that nobody has to spell a path to speak of a booking. */
import type { components, operations } from './generated/openapi.ts'

type Schemas = components['schemas']
type Answer<Operation extends keyof operations, Status extends number = 200> = operations[Operation] extends {
  responses: { [S in Status]: { content: { 'application/json': infer Body } } }
}
  ? Body
  : never
type Ask<Operation extends keyof operations> = operations[Operation] extends {
  requestBody: { content: { 'application/json': infer Body } }
}
  ? Body
  : never

type Query<Operation extends keyof operations> = NonNullable<operations[Operation]['parameters']['query']>

export type Text = Schemas['Text']
export type Money = Schemas['Money']
export type Business = Schemas['Business']
export type Service = Schemas['Service']
export type Slot = Answer<'listSlots'>['slots'][number]
export type Booking = Schemas['Booking']
export type BookingStatus = Booking['status']
export type BookingMoney = Schemas['BookingMoney']
export type BookingPayment = NonNullable<Booking['payment']>
export type NewBooking = Ask<'createBooking'>
export type NewRefund = Ask<'refundBooking'>
export type StartedPayment = Answer<'startPayment', 201>
export type OpsNotification = Schemas['Notification']
export type OpsNotificationQuery = Query<'listNotifications'>
export type NotificationStatus = NonNullable<OpsNotificationQuery['status']>
export type OpsNotificationCounts = Answer<'countNotifications'>
export type ManyNotifications = Ask<'redriveNotifications'>
export type ToldMessage = Booking['notifications'][number]
export type Messaging = Schemas['Messaging']
export type MessagingWish = Ask<'chooseMessaging'>
export type Me = Answer<'getMe'>
export type BusinessDay = Schemas['BusinessDay']
export type BookingOfDay = BusinessDay['items'][number]
export type MyBusiness = Answer<'listMyBusinesses'>['items'][number]
export type Unreached = Schemas['Unreached']
export type MessagePreview = operations['previewMessages']['responses']['200']['content']['application/json']['items'][number]
export type OpsPayment = Schemas['OpsPayment']
export type OpsPaymentQuery = Query<'listPayments'>
export type Alert = Schemas['Alert']
export type BusinessAlert = Schemas['BusinessAlert']
export type OpsMoney = Answer<'getOpenMoney'>
export type OpenPayment = Schemas['OpenPayment']
export type OpenRefund = Schemas['OpenRefund']
export type Difference = Schemas['Difference']
export type Reconciliation = Schemas['Reconciliation']
/** One page of a list; `nextCursor` asks for the next. */
export type Page<T> = { items: T[]; nextCursor: string | null }
