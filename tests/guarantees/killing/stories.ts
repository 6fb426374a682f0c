import { type Acknowledged, acts, type Booking, type Payment, statusIs } from './acts.ts'
import { deliveryStories } from './delivery-stories.ts'
import { operatorStories } from './operator-stories.ts'
import { newPhone, type Offer, type Person } from './lane.ts'
import { insist } from './patience.ts'
import { signInPatiently } from './sign-in-patiently.ts'
import type { World } from './world.ts'

/** What must stand when all is over, whenever somebody died. */
export interface Ending {
  /** By the booking's id. */
  bookings: Record<string, { status: string; startsAt?: string | undefined }>
  /** What the gateway has taken and not given back, all in all. */
  keptMinor: number
  /** What the house said it did. */
  heard: Acknowledged
  /** What the message of a booking, by its id, counts as by the vendor's reports. */
  delivery?: Record<string, string>
  /** Who signed in. */
  phone?: string
}

/** Something people do from its beginning to its end; once armed the server may die at any moment of it. */
export interface Story {
  name: string
  env?: Record<string, string>
  whileStarting?: boolean
  tell(scene: Scene): Promise<Ending>
}

export interface Scene {
  world: World
  heard: Acknowledged
  does: ReturnType<typeof acts>
  person: Person
  rival: Person
}

export function sceneOf(world: World): Scene {
  const heard: Acknowledged = []
  const [person, rival] = world.lane.people
  return { world, heard, does: acts(world, heard), person, rival }
}

const moneyIs = (status: string) => (booking: Booking) => booking.payment?.status === status
const shortHold = { HOLD_MINUTES: '4', PAYMENT_PAGE_MINUTES: '2' }
const fiveMinutesMs = 300_000

async function hold({ does, person, world }: Scene, offer = world.lane.paid): Promise<{ booking: Booking; payment: Payment }> {
  const booking = await does.book(person, offer)
  return { booking, payment: await does.pay(person, booking) }
}

/** From an empty house to a confirmed booking; `how` the house hears of the money. */
async function payWhole(
  scene: Scene,
  how: 'webhook' | 'return' | 'sweep' = 'webhook',
  offer?: Offer,
): Promise<Ending & { booking: Booking }> {
  const { does, person, world, heard } = scene
  if (how !== 'webhook') await world.plan({ operation: 'webhook', fault: 'drop-webhook' })
  const { booking, payment } = await hold(scene, offer)
  await does.play(payment.redirectUrl)
  if (how === 'return') await does.askPayment(person, payment)
  if (how === 'sweep') {
    await world.timePasses(61_000)
    await world.sweep()
  }
  await does.until(person, booking, statusIs('confirmed'))
  return { booking, bookings: { [booking.id]: { status: 'confirmed' } }, keptMinor: payment.amount.amountMinor, heard }
}

/** Paid a day ahead and cancelled: half goes back. */
async function cancelWhole(scene: Scene, fault?: { operation: string; fault: string; times: number }): Promise<Ending> {
  const { does, person, world } = scene
  const before = await payWhole(scene)
  if (fault) await world.plan(fault)
  await world.arm()
  await does.post(person, `/v1/bookings/${before.booking.id}/cancel`, {})
  await does.until(person, before.booking, moneyIs('refunded'))
  return { ...before, bookings: { [before.booking.id]: { status: 'cancelled' } }, keptMinor: before.keptMinor / 2 }
}

/** In the business's name, in two parts. */
async function giveBack(scene: Scene): Promise<Ending> {
  const { does, person, world } = scene
  const { owner, owned } = world.lane
  const before = await payWhole(scene, 'webhook', owned)
  await world.arm()
  for (const amountMinor of [1_000, 500]) {
    await does.post(owner, `/v1/bookings/${before.booking.id}/refunds`, { amountMinor, reason: 'We were late.' })
  }
  await does.until(person, before.booking, moneyIs('refunded'))
  return { ...before, keptMinor: before.keptMinor - 1_500 }
}

/** The customer is at the bank's page while the hold runs out; `time`: what became of the time meanwhile. */
async function payLate(scene: Scene, time: 'free' | 'taken'): Promise<Ending> {
  const { does, person, rival, world, heard } = scene
  const { booking, payment } = await hold(scene)
  const { challengeUrl } = await does.play(payment.redirectUrl, 'leave')
  await world.timePasses(fiveMinutesMs)
  const taken = time === 'taken' ? await does.takeFromOther(rival, world.lane.paid) : undefined
  if (!taken) await world.sweep()
  await world.arm()
  await does.play(challengeUrl)
  await does.until(person, booking, time === 'free' ? statusIs('confirmed') : moneyIs('refunded'))
  const bookings = {
    [booking.id]: { status: time === 'free' ? 'confirmed' : 'expired' },
    ...(taken && { [taken.id]: { status: 'expired' } }),
  }
  return { bookings, keptMinor: time === 'free' ? payment.amount.amountMinor : 0, heard }
}

async function expire(scene: Scene, by: 'sweep' | 'rival'): Promise<Ending> {
  const { does, rival, world, heard } = scene
  const { booking } = await hold(scene)
  await world.timePasses(fiveMinutesMs)
  await world.arm()
  if (by === 'sweep') await world.sweep()
  const next = await does.takeFromOther(rival, world.lane.paid)
  return { bookings: { [booking.id]: { status: 'expired' }, [next.id]: { status: 'expired' } }, keptMinor: 0, heard }
}

async function moveAndCancelFree({ does, person, world, heard }: Scene): Promise<Ending> {
  const { free } = world.lane
  await world.arm()
  const booking = await does.book(person, free)
  await does.post(person, `/v1/bookings/${booking.id}/reschedule`, { startsAt: free.starts[1], resourceId: free.resourceId })
  await does.post(person, `/v1/bookings/${booking.id}/cancel`, {})
  return { bookings: { [booking.id]: { status: 'cancelled' } }, keptMinor: 0, heard }
}

async function movePaid(scene: Scene): Promise<Ending> {
  const { does, person, world } = scene
  const before = await payWhole(scene)
  const startsAt = world.lane.paid.starts[2]
  await world.arm()
  await does.post(person, `/v1/bookings/${before.booking.id}/reschedule`, { startsAt })
  return { ...before, bookings: { [before.booking.id]: { status: 'confirmed', startsAt } } }
}

async function signInAndOut({ world, heard }: Scene): Promise<Ending> {
  const phone = newPhone()
  await world.arm()
  const { person, cookie, used } = await signInPatiently(world, phone)
  await insist(world, person, { method: 'GET', path: '/v1/me' })
  const again = await insist(world, null, { method: 'POST', path: '/v1/auth/sessions', body: used })
  if (again.status !== 401) throw new Error(`A code that was used answered ${again.status}.`)
  await insist(world, null, { method: 'POST', path: '/v1/auth/sessions/refresh', cookie })
  return { bookings: {}, keptMinor: 0, heard, phone }
}

const armed =
  (tell: Story['tell']): Story['tell'] =>
  async (scene) => {
    await scene.world.arm()
    return tell(scene)
  }

export const stories: Story[] = [
  { name: 'the server starts', whileStarting: true, tell: payWhole },
  { name: 'book, pay, webhook', tell: armed((scene) => payWhole(scene, 'webhook')) },
  { name: 'book, pay, come back', tell: armed((scene) => payWhole(scene, 'return')) },
  { name: 'book, pay, nobody says so', tell: armed((scene) => payWhole(scene, 'sweep')) },
  {
    name: 'pay, the gateway’s answer lost',
    async tell(scene) {
      await scene.world.plan({ operation: 'create-invoice', fault: 'after-work', times: 1 })
      await scene.world.arm()
      return payWhole(scene)
    },
  },
  { name: 'the hold runs out', env: shortHold, tell: (scene) => expire(scene, 'sweep') },
  { name: 'a rival takes what ran out', env: shortHold, tell: (scene) => expire(scene, 'rival') },
  { name: 'paid late, the time still free', env: shortHold, tell: (scene) => payLate(scene, 'free') },
  { name: 'paid late, the time taken', env: shortHold, tell: (scene) => payLate(scene, 'taken') },
  { name: 'move what is paid', tell: movePaid },
  { name: 'cancel what is paid', tell: (scene) => cancelWhole(scene) },
  { name: 'cancel, the refund’s answer lost', tell: (scene) => cancelWhole(scene, { operation: 'refund', fault: 'after-work', times: 1 }) },
  { name: 'the business gives back', tell: giveBack },
  { name: 'free: book, move, cancel', tell: moveAndCancelFree },
  ...operatorStories,
  ...deliveryStories,
  { name: 'sign in', env: { CODE_RESEND_MS: '2000' }, tell: signInAndOut },
]
