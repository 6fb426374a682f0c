/** Two customers with something of each kind, the operator, and tokens that should open nothing. */
import { randomBytes, randomUUID } from 'node:crypto'
import {
  asPerson,
  bookingOf,
  expiredToken,
  type Offering,
  offeringsOf,
  type OwnBooking,
  type Person,
  post,
  signIn,
  startPaying,
  withKey,
} from './cast.ts'
import { type Product, webhookEndpoint } from './product.ts'

export const actors = ['anonymous', 'garbage', 'expired', 'signedOut', 'customerA', 'customerB', 'operator'] as const
export type Actor = (typeof actors)[number]
export type Customer = 'customerA' | 'customerB'

/** What one customer has; one booking for each route that changes one. */
export interface Belongings {
  person: Person
  read: OwnBooking
  toPay: OwnBooking
  toMove: OwnBooking
  toCancel: OwnBooking
  paymentId: string
  notificationId: string
  /** Words that stand in this customer's things and nowhere else. */
  marks: string[]
}

export interface World {
  product: Product
  free: Offering
  tokens: Record<Actor, string | null>
  /** More logins of the same people, for the route that ends one. */
  spare: Partial<Record<Actor, Person>>
  belongings: Record<Customer, Belongings>
  /** Times that nobody takes. */
  freeTime: () => string
}

export async function openWorld(product: Product): Promise<World> {
  const people = {
    customerA: await signIn(product, '+966556000000'),
    customerB: await signIn(product, '+966557000000'),
    operator: await signIn(product, product.superuserPhone),
  }
  const spare = {
    customerA: await signIn(product, people.customerA.phone),
    customerB: await signIn(product, people.customerB.phone),
    operator: await signIn(product, product.superuserPhone),
  }
  const gone = await signIn(product, '+966556000009')
  await fetch(`${product.url}/v1/auth/sessions/current`, { method: 'DELETE', headers: asPerson(gone) })

  const offerings = await offeringsOf(product)
  const free = offerings.find(({ service }) => !service.requiresPayment)!
  const paid = offerings.find(({ service }) => service.requiresPayment)!
  const left = new Map([free, paid].map((offering) => [offering, offering.slots.map(({ startsAt }) => startsAt)]))
  const nextTime = (offering: Offering) => left.get(offering)!.shift()!

  const belongingsOf = async (name: Customer): Promise<Belongings> => {
    const person = people[name]
    const mark = `only-${name}-${randomUUID()}`
    const take = async (offering: Offering): Promise<OwnBooking> => {
      const { slug, service } = offering
      for (;;) {
        const ask = { businessSlug: slug, serviceId: service.id, startsAt: nextTime(offering), attendeeName: mark, note: mark }
        const { status, body } = await post<OwnBooking>(product, '/v1/bookings', ask, withKey(person))
        if (status === 201) return body
        if (status !== 409) throw new Error(`Booking answered ${status}.`)
      }
    }
    const [read, toPay, toMove, toCancel] = [await take(paid), await take(paid), await take(free), await take(free)]
    const { id: paymentId, redirectUrl } = await startPaying(product, person, read)
    const { notifications } = await bookingOf<{ notifications: unknown[] }>(product, person, toMove.id)
    if (notifications.length === 0) throw new Error('A confirmed booking promised no message.')
    const marks = [
      mark,
      read.id,
      read.reference,
      toPay.id,
      toPay.reference,
      toMove.id,
      toMove.reference,
      toCancel.id,
      paymentId,
      redirectUrl,
      person.phone,
      person.accountId,
    ]
    return {
      person,
      read,
      toPay,
      toMove,
      toCancel,
      paymentId,
      notificationId: await notificationAbout(product, people.operator, toMove.id),
      marks,
    }
  }
  const belongings = { customerA: await belongingsOf('customerA'), customerB: await belongingsOf('customerB') }
  return {
    product,
    free,
    spare,
    belongings,
    freeTime: () => nextTime(free),
    tokens: {
      anonymous: null,
      garbage: randomBytes(30).toString('base64url'),
      expired: await expiredToken(people.customerA),
      signedOut: gone.accessToken,
      customerA: people.customerA.accessToken,
      customerB: people.customerB.accessToken,
      operator: people.operator.accessToken,
    },
  }
}

async function notificationAbout(product: Product, operator: Person, aboutId: string): Promise<string> {
  const answer = await fetch(`${product.url}/v1/ops/notifications?limit=100`, { headers: asPerson(operator) })
  const { items } = (await answer.json()) as { items: { id: string; aboutId: string; kind: string }[] }
  return items.find((item) => item.aboutId === aboutId && !item.kind.startsWith('staff-'))!.id
}

/** What a route is asked with, beside the token. */
export interface Ask {
  path?: Record<string, string>
  query?: string
  body?: unknown
}

/** Who may: anyone, anyone signed in, whoever owns the thing (for all others it does not exist), the operator, whoever acts for the business (its customer sees it and may not). */
export interface Row {
  who: 'anyone' | 'account' | 'owner' | 'operator' | 'business'
  /** The operator may what its owner may. */
  operatorToo?: boolean
  /** What those who may are answered. */
  good: number
  ask(world: World, owner: Customer): Ask
  /** Reads or sets the cookie of a login: only our own pages may make a browser send it. */
  cookie?: boolean
  /** Shows the operator what is other people's. */
  showsOthers?: boolean
}

const none = () => ({})
const ofBooking = (which: 'read' | 'toPay' | 'toMove' | 'toCancel') => (world: World, owner: Customer) => ({
  path: { id: world.belongings[owner][which].id },
})
let phones = 0

/** One row for every route of the contract; a route without a row fails the test. */
export const rows: Record<string, Row> = {
  requestCode: { who: 'anyone', good: 201, ask: () => ({ body: { phone: `+9665580000${String(10 + phones++)}` } }) },
  signIn: { who: 'anyone', good: 401, cookie: true, ask: () => ({ body: { challengeId: randomUUID(), code: '000000' } }) },
  refreshSession: { who: 'anyone', good: 401, cookie: true, ask: none },
  signOut: { who: 'anyone', good: 204, cookie: true, ask: none },
  getMe: { who: 'account', good: 200, ask: none },
  setContact: { who: 'account', good: 200, ask: () => ({ body: { email: 'noura@example.sa', marketing: true } }) },
  getMessaging: { who: 'operator', good: 200, ask: ({ free }) => ({ path: { slug: free.slug } }) },
  chooseMessaging: { who: 'operator', good: 200, ask: ({ free }) => ({ path: { slug: free.slug }, body: { channels: ['sms'] } }) },
  listBusinesses: { who: 'anyone', good: 200, ask: none },
  getBusiness: { who: 'anyone', good: 200, ask: ({ free }) => ({ path: { slug: free.slug } }) },
  listServices: { who: 'anyone', good: 200, ask: ({ free }) => ({ path: { slug: free.slug } }) },
  listSlots: {
    who: 'anyone',
    good: 200,
    ask: ({ free: { slug, service, slots } }) => ({
      path: { slug },
      query: `serviceId=${service.id}&from=${slots[0]!.startsAt.slice(0, 10)}&to=${slots[0]!.startsAt.slice(0, 10)}`,
    }),
  },
  createBooking: {
    who: 'account',
    good: 201,
    ask: ({ free: { slug, service }, freeTime }) => ({ body: { businessSlug: slug, serviceId: service.id, startsAt: freeTime() } }),
  },
  listBookings: { who: 'account', good: 200, ask: none },
  getBooking: { who: 'owner', operatorToo: true, showsOthers: true, good: 200, ask: ofBooking('read') },
  getCalendar: { who: 'owner', good: 200, ask: ofBooking('toMove') },
  previewCancellation: { who: 'owner', operatorToo: true, good: 200, ask: ofBooking('toMove') },
  startPayment: { who: 'owner', good: 201, ask: ofBooking('toPay') },
  rescheduleBooking: {
    who: 'owner',
    operatorToo: true,
    showsOthers: true,
    good: 200,
    ask: (world, owner) => ({ ...ofBooking('toMove')(world, owner), body: { startsAt: world.freeTime() } }),
  },
  cancelBooking: {
    who: 'owner',
    operatorToo: true,
    showsOthers: true,
    good: 200,
    ask: (world, owner) => ({ ...ofBooking('toCancel')(world, owner), body: {} }),
  },
  getBookingMoney: { who: 'owner', operatorToo: true, showsOthers: true, good: 200, ask: ofBooking('read') },
  // Nothing was paid, and it has not begun: those who may are told so.
  refundBooking: {
    who: 'business',
    good: 409,
    ask: (world, owner) => ({ ...ofBooking('toMove')(world, owner), body: { reason: 'late' } }),
  },
  markNoShow: { who: 'business', good: 409, ask: ofBooking('toMove') },
  // Nothing waits for a yes, and no visit is over.
  approveBooking: { who: 'business', good: 409, ask: ofBooking('toMove') },
  inviteAgain: { who: 'business', good: 409, ask: ofBooking('toMove') },
  getPayment: { who: 'owner', good: 200, ask: ({ belongings }, owner) => ({ path: { id: belongings[owner].paymentId } }) },
  receivePaymentWebhook: {
    who: 'anyone',
    good: 401,
    ask: () => ({
      path: { endpointId: webhookEndpoint },
      body: { id: 'forged', type: 'payment_paid', live: false, secret_token: 'guessed', data: {} },
    }),
  },
  receiveDeliveryReport: {
    who: 'anyone',
    good: 401,
    ask: () => ({ path: { provider: 'taqnyat', endpointId: webhookEndpoint }, body: { messageId: '1', status: 'delivered' } }),
  },
  answerWebhookChallenge: {
    who: 'anyone',
    good: 401,
    ask: () => ({ path: { endpointId: webhookEndpoint }, query: 'hub.mode=subscribe&hub.verify_token=guessed&hub.challenge=1' }),
  },
  // Nobody here works for the business; that those who do may is in a journey of its own.
  listUnreached: { who: 'operator', good: 200, showsOthers: true, ask: ({ free }) => ({ path: { slug: free.slug } }) },
  getBusinessDay: { who: 'operator', good: 200, showsOthers: true, ask: ({ free }) => ({ path: { slug: free.slug } }) },
  listMyBusinesses: { who: 'account', good: 200, ask: none },
  countNotifications: { who: 'operator', good: 200, ask: none },
  redriveNotifications: { who: 'operator', good: 200, ask: () => ({ body: { business: 'nobody-at-all' } }) },
  // It failed, and no vendor of the house carries the other channel: those who may are told so.
  sendNotificationBy: {
    who: 'operator',
    good: 409,
    ask: ({ belongings }, owner) => ({ path: { id: belongings[owner].notificationId }, body: { channel: 'whatsapp' } }),
  },
  acknowledgeNotification: { who: 'operator', good: 404, ask: () => ({ path: { id: randomUUID() }, body: { reason: 'because' } }) },
  listNotifications: { who: 'operator', good: 200, showsOthers: true, ask: none },
  redriveNotification: {
    who: 'operator',
    good: 200,
    showsOthers: true,
    ask: ({ belongings }, owner) => ({ path: { id: belongings[owner].notificationId } }),
  },
  previewMessages: { who: 'operator', good: 200, ask: none },
  listAlerts: { who: 'operator', good: 200, ask: none },
  listMyAlerts: { who: 'account', good: 200, ask: none },
  listPayments: { who: 'operator', good: 200, showsOthers: true, ask: none },
  settlePayment: {
    who: 'operator',
    good: 200,
    showsOthers: true,
    ask: ({ belongings }, owner) => ({ path: { id: belongings[owner].paymentId } }),
  },
  getOpenMoney: { who: 'operator', good: 200, showsOthers: true, ask: () => ({}) },
  // Nothing of it was paid yet; and nothing differs.
  refundPayment: {
    who: 'operator',
    good: 409,
    ask: ({ belongings }, owner) => ({ path: { id: belongings[owner].paymentId }, body: { reason: 'because' } }),
  },
  adoptDifference: { who: 'operator', good: 404, ask: () => ({ path: { id: randomUUID() }, body: { reason: 'because' } }) },
  refundDifference: { who: 'operator', good: 404, ask: () => ({ path: { id: randomUUID() }, body: { reason: 'because' } }) },
  writeOffDifference: { who: 'operator', good: 404, ask: () => ({ path: { id: randomUUID() }, body: { reason: 'because' } }) },
  reconcile: { who: 'operator', good: 200, ask: () => ({}) },
}
