/** The product as the fuzzer's stage: people who are signed in, times that are free, ids that exist. */
import { randomBytes } from 'node:crypto'
import {
  askForCode,
  asPerson,
  expiredToken,
  offeringsOf,
  type OwnBooking,
  payWhole,
  type Person,
  signIn,
  startPaying,
  takeTime,
} from '../cast.ts'
import { type Product, webhookEndpoint, webhookSecret } from '../product.ts'
import type { Operation } from './contract.ts'
import { openForTheBusiness } from './for-the-business.ts'
import { openMoney } from './open-money.ts'
import type { Stage } from './run.ts'
import type { Answer } from './send.ts'

export interface ProductStage extends Stage {
  people: { customer: Person; other: Person; bystander: Person; operator: Person }
  /** Bookings of someone nobody signs in as while requests are sent. */
  control: OwnBooking[]
  /** Ids of every booking made while requests were sent, by actor. */
  made: Map<string, string[]>
}

type Linked = NonNullable<ReturnType<Stage['linked']>>

const reportEndpoint = 'reports-of-this-test-0123456789'
/** What the product needs for vendors to report and for a message to go by another channel; added to its settings. */
export const reportSettings = {
  TAQNYAT_WEBHOOK_ENDPOINT_ID: reportEndpoint,
  UNIFONIC_WEBHOOK_ENDPOINT_ID: reportEndpoint,
  WHATSAPP_WEBHOOK_ENDPOINT_ID: reportEndpoint,
  WHATSAPP_APP_SECRET: 'app-secret-of-this-test',
  WHATSAPP_VERIFY_TOKEN: 'verify-token-of-this-test',
  WHATSAPP_PHONE_NUMBER_ID: '100000000000001',
  WHATSAPP_ACCESS_TOKEN: 'token-of-this-test',
  NOTIFICATION_FALLBACKS: 'whatsapp',
}

/** The last three digits are refused by the vendor of booking messages: this one's notifications fail. */
const troubledPhone = '+966552000000'

const byTheBusiness = new Set([
  'refundBooking',
  'markNoShow',
  'listUnreached',
  'getBusinessDay',
  'approveBooking',
  'inviteAgain',
  'getMessaging',
  'chooseMessaging',
])

export async function openProductStage(product: Product): Promise<ProductStage> {
  const [customer, other, bystander, operator, troubled] = await Promise.all([
    signIn(product, '+966552000001'),
    signIn(product, '+966552000002'),
    signIn(product, '+966552000003'),
    signIn(product, product.superuserPhone),
    signIn(product, troubledPhone),
  ])
  const spares = await Promise.all(
    Array.from({ length: 12 }, (_, index) => signIn(product, `+9665530001${String(index).padStart(2, '0')}`)),
  )
  const challenges = await Promise.all(
    Array.from({ length: 40 }, (_, index) => askForCode(product, `+9665540001${String(index).padStart(2, '0')}`)),
  )
  const offerings = await offeringsOf(product)
  const free = offerings.filter(({ service }) => !service.requiresPayment)
  const paid = offerings.filter(({ service }) => service.requiresPayment)

  const held = await takeTime(product, bystander, paid[0]!)
  await startPaying(product, bystander, held)
  const bought = await takeTime(product, bystander, paid[1]!)
  const { paymentId } = await payWhole(product, bystander, bought)
  const control = [held, bought, await takeTime(product, bystander, free[0]!)]
  for (let made = 0; made < 3; made++) await takeTime(product, troubled, free[0]!)

  const bookings: Record<'customer' | 'other', string[]> = { customer: [], other: [] }
  for (const person of ['customer', 'other'] as const) {
    const own = person === 'customer' ? customer : other
    for (const offering of [free[0]!, paid[0]!, paid[2] ?? paid[1]!]) bookings[person].push((await takeTime(product, own, offering)).id)
  }
  const payments = [paymentId, (await startPaying(product, customer, { id: bookings.customer[1]! } as OwnBooking)).id]
  const { items } = await fetch(`${product.url}/v1/ops/notifications?limit=100`, { headers: asPerson(operator) }).then(
    (answer) => answer.json() as Promise<{ items: { id: string; status: string }[] }>,
  )
  const notifications = [...items.filter(({ status }) => status === 'FAILED'), ...items].map(({ id }) => id)
  const money = await openMoney(product, operator, spares.at(-1)!, paid[0]!, free[0]!)
  const answerable = await openForTheBusiness(product, spares.at(-2)!, offerings)
  const cookies = spares.map(({ cookie }) => cookie)
  const cursors: string[] = []
  const made = new Map<string, string[]>()
  const expired = await expiredToken(customer)
  let spare = 0

  const tokens: Record<string, { header: () => string | null; proves: boolean }> = {
    anonymous: { header: () => null, proves: false },
    garbage: { header: () => `Bearer ${randomBytes(20).toString('base64url')}`, proves: false },
    malformed: { header: () => "Basic ' or 1=1", proves: false },
    expired: { header: () => `Bearer ${expired}`, proves: false },
    spare: { header: () => `Bearer ${spares[spare++ % spares.length]!.accessToken}`, proves: true },
    customer: { header: () => asPerson(customer).authorization, proves: true },
    other: { header: () => asPerson(other).authorization, proves: true },
    operator: { header: () => asPerson(operator).authorization, proves: true },
  }
  const strangers = ['anonymous', 'garbage', 'malformed', 'expired']

  return {
    people: { customer, other, bystander, operator },
    control,
    made,
    // Its body is a vendor's, and so is what its address may bring along.
    openQueries: new Set(['receivePaymentWebhook', 'receiveDeliveryReport', 'answerWebhookChallenge']),
    actorFor(operation, pick) {
      if (operation.id === 'signOut') return pick % 20 === 0 ? 'spare' : strangers[pick % strangers.length]!
      const roll = pick % 100
      // A customer may look at a booking, only the business and the operator may do this to it. What they lay hands on is never the control.
      if (byTheBusiness.has(operation.id)) return roll < 80 ? 'operator' : 'customer'
      if (operation.path.startsWith('/v1/ops/'))
        return roll < 80 ? 'operator' : roll < 90 ? 'customer' : strangers[pick % strangers.length]!
      // The operator may cancel for a business, and nobody may touch the control.
      return roll < 70
        ? 'customer'
        : roll < 85
          ? 'other'
          : roll < 90 && operation.id !== 'cancelBooking'
            ? 'operator'
            : strangers[pick % strangers.length]!
    },
    authorization(actor) {
      const { header, proves } = tokens[actor]!
      return { header: header(), proves }
    },
    linked(operation, pick) {
      const one = <T>(choices: readonly T[]): T => choices[pick(choices.length)]!
      const { slug, service, slots } = one(offerings)
      const slot = one(slots)
      const resource = one(slot.resourceIds)
      const wish = { startsAt: slot.startsAt, ...(resource !== undefined && pick(3) === 0 && { resourceId: resource }) }
      const page = (more: Record<string, string> = {}): Linked => ({
        query: {
          ...more,
          ...(pick(2) === 0 && { limit: String(1 + pick(5)) }),
          ...(cursors.length > 0 && pick(3) === 0 && { cursor: one(cursors) }),
        },
      })
      const booking = () => one([...bookings.customer, ...bookings.customer, ...bookings.other, ...control.map(({ id }) => id)])
      return linkedOf(operation)

      function linkedOf({ id, path }: Operation): Linked | null {
        switch (id) {
          case 'requestCode':
            return {
              body: {
                phone: one(['055300', '+96655300', '٠٥٥٣٠٠', '00966 55 300 ']) + String(1000 + pick(9000)),
                ...(pick(2) === 0 && { locale: 'en' }),
              },
            }
          case 'signIn':
            return { body: { ...one(challenges), ...(pick(4) === 0 && { name: 'هيا' }) } }
          case 'refreshSession':
            return { headers: [['cookie', one(cookies)]] }
          case 'signOut':
          case 'getMe':
          case 'listMyBusinesses':
            return {}
          case 'setContact':
            return { body: { email: one([null, 'noura@example.sa', 'x@y.z']), marketing: pick(2) === 0 } }
          case 'getMessaging':
            return { path: { slug } }
          case 'chooseMessaging':
            return { path: { slug }, body: { channels: ['sms'], reminderMinutes: [one([1, 120, 10_080])], staffTold: pick(2) === 0 } }
          case 'listBusinesses':
            return page(pick(2) === 0 ? { query: one(['صالون', 'padel', 'عي', '%', '']) } : {})
          case 'getBusiness':
          case 'listServices':
            return { path: { slug } }
          case 'listSlots':
            return {
              path: { slug },
              query: {
                serviceId: service.id,
                branchId: service.branchId,
                from: slot.startsAt.slice(0, 10),
                to: slot.startsAt.slice(0, 10),
                ...(resource !== undefined && { resourceId: resource }),
              },
            }
          case 'createBooking':
            return {
              body: {
                businessSlug: slug,
                serviceId: service.id,
                ...wish,
                ...(pick(4) === 0 && { attendeeName: 'نورة', note: 'بهدوء من فضلكم' }),
              },
            }
          case 'rescheduleBooking':
            return { path: { id: pick(6) === 0 ? booking() : bookings.customer[0]! }, body: { startsAt: one(free[0]!.slots).startsAt } }
          case 'cancelBooking':
            return {
              // Never the one that is moved about: cancelled early, no move would be good.
              path: { id: one([...bookings.customer.slice(1), ...bookings.other, ...control.map((own) => own.id)]) },
              body: pick(2) === 0 ? {} : { reason: 'تغيّرت الظروف' },
            }
          case 'getPayment':
          case 'settlePayment':
            return { path: { id: one(payments) } }
          case 'refundBooking':
            return {
              path: { id: one(money.paid).bookingId },
              body: { amountMinor: 1 + pick(3), reason: 'اعتذار عن التأخير' },
            }
          case 'approveBooking':
            return { path: { id: answerable.waiting } }
          case 'inviteAgain':
            return { path: { id: answerable.over } }
          case 'markNoShow':
            return { path: { id: money.begun } }
          case 'refundPayment':
            return {
              path: { id: one(money.paid).paymentId },
              body: { amountMinor: 1 + pick(3), reason: 'by request' },
            }
          case 'adoptDifference':
            return { path: { id: one(money.differences) }, body: { reason: 'by telephone', bookingReference: money.bookingReference } }
          case 'refundDifference':
          case 'writeOffDifference':
            return { path: { id: one(money.differences) }, body: { reason: 'nobody’s' } }
          case 'redriveNotification':
            return { path: { id: one(notifications) } }
          case 'acknowledgeNotification':
            return { path: { id: one(notifications) }, body: { reason: 'اتصلنا بالعميل' } }
          case 'sendNotificationBy':
            return { path: { id: one(notifications) }, body: { channel: one(['whatsapp', 'whatsapp', 'email']) } }
          case 'redriveNotifications':
            return {
              body: one([
                {},
                { business: slug },
                { channel: 'sms', olderThanMinutes: 1 + pick(9) },
                { errorClass: 'permanent', from: '2026-01-01' },
              ]),
            }
          case 'listUnreached':
          case 'getBusinessDay':
            return { path: { slug }, query: pick(2) === 0 ? {} : { day: slot.startsAt.slice(0, 10) } }
          case 'receiveDeliveryReport':
            return {
              path: { provider: one(['taqnyat', 'unifonic']), endpointId: reportEndpoint },
              body: { messageId: one([String(pick(1_000)), 1]), status: one(['sent', 'delivered', 'failed', 'strange']) },
            }
          case 'answerWebhookChallenge':
            return {
              path: { endpointId: reportEndpoint },
              query: {
                'hub.mode': 'subscribe',
                'hub.verify_token': reportSettings.WHATSAPP_VERIFY_TOKEN,
                'hub.challenge': String(pick(9_999)),
              },
            }
          case 'receivePaymentWebhook':
            return {
              path: { endpointId: webhookEndpoint },
              body: {
                id: `e-${pick(1_000)}`,
                type: 'payment_paid',
                created_at: '2026-01-01T00:00:00.000Z',
                secret_token: webhookSecret,
                account_name: null,
                live: false,
                data: { id: one(payments), status: 'paid', invoice_id: one(payments), metadata: { attempt_id: one(payments) } },
              },
            }
          case 'listNotifications':
            return page(
              one([
                {},
                { status: one(['SENT', 'FAILED']), from: '2026-01-01' },
                { open: 'true', business: slug },
                { delivery: 'none', errorClass: 'permanent' },
              ]),
            )
          case 'listBookings':
          case 'listPayments':
            return page()
          default:
            return path.includes('/bookings/{id}') ? { path: { id: booking() } } : null
        }
      }
    },
    heard(request, answer) {
      if (answer.status < 200 || answer.status > 299 || request.method === 'HEAD') return
      const { id, nextCursor } = readAnswer(answer)
      if (request.operation.id === 'createBooking' && id !== undefined && (request.actor === 'customer' || request.actor === 'other')) {
        bookings[request.actor].push(id)
        made.set(request.actor, [...(made.get(request.actor) ?? []), id])
      }
      if (request.operation.id === 'startPayment' && id !== undefined) payments.push(id)
      if (nextCursor) cursors.push(nextCursor)
      const fresh = answer.headers['set-cookie']?.[0]?.split(';')[0]
      if (request.operation.id === 'refreshSession' && fresh !== undefined) cookies.push(fresh)
    },
  }
}

function readAnswer({ headers, text }: Answer): { id?: string; nextCursor?: string } {
  return (headers['content-type'] ?? '').includes('json') ? (JSON.parse(text) as { id?: string; nextCursor?: string }) : {}
}

/** Every booking of a person, by following the list to its end. */
export async function allBookings(product: Product, person: Person): Promise<string[]> {
  const ids: string[] = []
  for (let cursor = ''; ;) {
    const answer = await fetch(`${product.url}/v1/bookings?limit=100${cursor}`, { headers: asPerson(person) })
    const { items, nextCursor } = (await answer.json()) as { items: { id: string }[]; nextCursor: string | null }
    ids.push(...items.map(({ id }) => id))
    if (nextCursor === null) return ids
    cursor = `&cursor=${nextCursor}`
  }
}
