import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { sql } from '../../../server/database/index.ts'
import { chosen, type Command, command, hasOne, isHealthy, mostly, plan } from './command.ts'
import { type Card, cards, type Charge, endChallenge, look, type Page, returnMoney, takeByPhone, tryCard } from './gateway-model.ts'
import type { House } from './house.ts'
import type { Letter } from './mailbox.ts'
import { type Attempt, attemptsOf, dueOf, minute, type Model, second } from './model.ts'
import { actOnHints, wouldTakeMoney } from './money-model.ts'
import { gatewayFaults, type GatewayFault, type GatewayOperation, gatewayOperations, type SmsFault, smsFaults } from './vendor-faults.ts'

type OnPage = Attempt & { page: Page }
const withPage = (model: Model) => attemptsOf(model).filter((attempt): attempt is OnPage => attempt.page !== null)
const chargesOf = (model: Model) => withPage(model).flatMap(({ page }) => page.charges.map((charge) => ({ page, charge })))
const takesCards = (model: Model, page: Page) => ['initiated', 'failed'].includes(look(model, page).status)
const refOf = ({ url }: Page) => url.slice(url.lastIndexOf('/') + 1)

interface Played {
  paymentStatus: string | null
  paymentId: string | null
  challengeUrl: string | null
}

export type ThreeDs = 'approve' | 'reject' | 'leave'

/** The customer on the gateway's page: pays, is refused, or leaves the bank's page open. */
export const useCard = (pick: number, card: Card, threeDs: ThreeDs): Command =>
  command(
    `a ${card} card, ${threeDs}`,
    (model) => hasOne(withPage(model), ({ page }) => takesCards(model, page), pick),
    async (model, house) => {
      const attempt = mostly(withPage(model), ({ page }) => takesCards(model, page), pick)
      const { page } = attempt
      const charge = tryCard(model, page, dueOf(attempt.booking), card)
      if (charge && threeDs !== 'leave') endChallenge(model, page, charge, threeDs)
      const played = await house.vendor<Played>('POST', '/play/moyasar', { redirectUrl: page.url, card: cards[card], threeDs })
      assert.equal(played.paymentStatus, charge?.status ?? null, 'The gateway took the card otherwise than foreseen.')
      if (charge) Object.assign(charge, { id: played.paymentId, challengeUrl: played.challengeUrl ?? '' })
      return `${attempt.booking.key}/${attempt.key}: ${played.paymentStatus ?? 'no card is taken any more'}`
    },
  )

/** A bank's page that was left open is taken up again, perhaps much later. */
export const finishChallenge = (pick: number, threeDs: 'approve' | 'reject'): Command => {
  const isAsked = ({ charge }: { charge: Charge }) => charge.status === 'initiated'
  const left = (model: Model) => chargesOf(model).filter(({ charge }) => charge.challengeUrl !== '')
  return command(
    `the bank's page again, ${threeDs}`,
    (model) => hasOne(left(model), isAsked, pick),
    async (model, house) => {
      const { page, charge } = mostly(left(model), isAsked, pick)
      endChallenge(model, page, charge, threeDs)
      const played = await house.vendor<Played>('POST', '/play/moyasar', { redirectUrl: charge.challengeUrl, threeDs })
      assert.equal(played.paymentStatus, charge.status)
      return charge.status
    },
  )
}

/** The business closes a page on the gateway's dashboard. */
export const closePage = (pick: number): Command => {
  const open = (model: Model) => withPage(model).filter(({ page }) => takesCards(model, page))
  return command(
    'a page is closed on the dashboard',
    (model) => isHealthy(model, 'cancel-invoice') && open(model).length > 0,
    async (model, house) => {
      const { page, booking } = chosen(open(model), pick)
      page.status = 'canceled'
      await house.vendor('PUT', `/v1/invoices/${refOf(page)}/cancel`)
      return booking.key
    },
  )
}

/** The business returns a charge, or a part of it, on the gateway's dashboard, past us. */
export const returnByHand = (pick: number): Command => {
  const whole = pick % 3 > 0
  const paid = (model: Model) => chargesOf(model).filter(({ charge }) => charge.status === 'paid')
  return command(
    `${whole ? 'all' : 'half'} of a charge goes back by hand`,
    (model) => isHealthy(model, 'refund') && paid(model).length > 0,
    async (model, house) => {
      const { page, charge } = chosen(paid(model), pick)
      const amount = whole ? charge.amount : charge.amount / 2
      returnMoney(page, charge, amount)
      charge.refundedByHand += amount
      await house.vendor('POST', `/v1/payments/${charge.id}/refund`, { amount })
      return `${amount} of ${charge.id}`
    },
  )
}

/** The business takes a card by phone for a page that is over. */
export const payByPhone = (pick: number): Command => {
  const over = (model: Model) => withPage(model).filter(({ page }) => look(model, page).status === 'expired')
  return command(
    'a card is taken by phone',
    (model) => over(model).length > 0,
    async (model, house) => {
      const { page, booking } = chosen(over(model), pick)
      const charge = takeByPhone(model, page, dueOf(booking))
      const source = {
        type: 'creditcard',
        name: 'Test Customer',
        number: cards[charge.card],
        month: 12,
        year: 2030,
        cvc: '123',
        '3ds': false,
      }
      const wish = { amount: charge.amount, currency: 'SAR', callback_url: 'http://localhost/', invoice_id: refOf(page), source }
      const { id, status } = await house.vendor<{ id: string; status: string }>('POST', '/v1/payments', wish)
      assert.equal(status, 'paid')
      charge.id = id
      return booking.key
    },
  )
}

const wasTried = ({ page }: OnPage) => page.charges.length > 0
const post = ['as it came', 'twice', 'forged', 'invented'] as const

/** What the gateway told our webhook address arrives: once, twice, from a forger, or as the truth it is not. */
export const deliverWebhook = (pick: number, how: (typeof post)[number]): Command =>
  command(
    `a webhook ${how}`,
    (model) => hasOne(withPage(model), wasTried, pick),
    async (model, house) => {
      const about = mostly(withPage(model), wasTried, pick)
      const letter = how === 'invented' ? undefined : house.letters.findLast(({ data }) => data.invoice_id === refOf(about.page))
      const body = letter ?? invent(house, about.page)
      if (how === 'forged') {
        assert.equal(await house.receive({ ...body, secret_token: 'guessed' }), 401)
        return 'turned away'
      }
      assert.equal(await house.receive(body), 200)
      if (how === 'twice') assert.equal(await house.receive(body), 200)
      if (!house.handedOver.has(body.id)) model.parked.push({ eventId: body.id, about, since: model.now, tryAt: model.now })
      house.handedOver.add(body.id)
      return `about ${about.booking.key}/${about.key}, ${await processHints(model, house)}`
    },
  )

/** Says that a page was paid, whether or not it was: with our secret, but only the gateway's own answer counts. */
function invent({ secret }: House, page: Page): Letter {
  return {
    id: randomUUID(),
    type: 'payment_paid',
    secret_token: secret,
    live: false,
    data: { id: randomUUID(), invoice_id: refOf(page), status: 'paid' },
  }
}

/** Webhooks that came before we knew their page are looked at again. */
export const sweepHints = (): Command =>
  command('parked webhooks are looked at again', (model) => model.parked.some(({ tryAt }) => tryAt <= model.now), processHints)

async function processHints(model: Model, house: House): Promise<string> {
  const due = model.parked.filter(({ tryAt }) => tryAt <= model.now)
  const takers = due.filter(({ about }) => about.pageIsKnown && wouldTakeMoney(model, about))
  // As with the sweep of payments: money that races for time waits for its turn.
  if (takers.length > 0 && due.length > 1)
    await putOff(
      model,
      house,
      due.filter(({ about }) => about !== takers[0]?.about),
    )
  actOnHints(model)
  await house.sweep('process-webhooks')
  return `${due.length} looked at`
}

async function putOff(model: Model, { needs }: House, hints: Model['parked']): Promise<void> {
  await needs.database.run(
    sql`update webhook_event set next_try_at = now() + interval '1 second' where event_id = any(${hints.map(({ eventId }) => eventId)})`,
  )
  for (const hint of hints) hint.tryAt = model.now + second
}

export const breakGateway = (operation: GatewayOperation, fault: GatewayFault): Command =>
  command(
    `the gateway at ${operation}: ${fault}`,
    (model) => isHealthy(model, operation),
    async (model, house) => {
      model.plans.gateway.set(operation, fault)
      await plan(model, house)
      return ''
    },
  )

export const breakMessages = (fault: SmsFault): Command =>
  command(
    `the vendor of messages: ${fault}`,
    ({ plans }) => plans.sms === null,
    async (model, house) => {
      model.plans.sms = fault
      await plan(model, house)
      return ''
    },
  )

export const repairVendors = (): Command =>
  command(
    'the vendors are repaired',
    ({ plans }) => plans.gateway.size > 0 || plans.sms !== null,
    async (model, house) => {
      model.plans.gateway.clear()
      model.plans.sms = null
      await house.vendor('DELETE', '/faults')
      await plan(model, house)
      return ''
    },
  )

/** Nothing happens for a while, but what vendors do by themselves. */
export const wait = (ms: number): Command =>
  command(
    `${ms < minute ? `${ms / second} s` : `${ms / minute} min`} go by`,
    () => true,
    async (model, house) => {
      model.now += ms
      await house.moveTo(model.now)
      await house.vendor('POST', '/play/clock', { advanceMs: 0 })
      return ''
    },
  )

const pick = fc.nat(1_000)
const always = fc.constant(null)
/** Where a fault has the most to spoil. */
const oftenBroken = ['create-invoice', 'get-invoice', 'refund', 'refund', 'void', 'void'] as const
const faultNames = Object.keys(gatewayFaults) as GatewayFault[]
export const vendorCommands = {
  useCard: fc
    .tuple(
      pick,
      fc.constantFrom<Card>('good', 'good', 'good at once', 'refused', 'refused at once'),
      fc.constantFrom<ThreeDs>('approve', 'approve', 'leave', 'reject'),
    )
    .map((how) => useCard(...how)),
  finishChallenge: fc
    .tuple(pick, fc.constantFrom<'approve' | 'reject'>('approve', 'approve', 'reject'))
    .map((how) => finishChallenge(...how)),
  closePage: pick.map(closePage),
  returnByHand: pick.map(returnByHand),
  payByPhone: pick.map(payByPhone),
  deliverWebhook: fc.tuple(pick, fc.constantFrom(...post, 'as it came' as const)).map((how) => deliverWebhook(...how)),
  sweepHints: always.map(sweepHints),
  breakGateway: fc
    .tuple(fc.constantFrom(...gatewayOperations, ...oftenBroken), fc.constantFrom(...faultNames))
    .map((how) => breakGateway(...how)),
  breakMessages: fc.constantFrom(...smsFaults).map(breakMessages),
  repairVendors: always.map(repairVendors),
  waitShortly: fc.constantFrom(5 * second, 20 * second, 65 * second, 150 * second).map(wait),
  waitLong: fc.constantFrom(4 * minute, 9 * minute, 11 * minute, 16 * minute, 31 * minute).map(wait),
  waitVeryLong: fc.constantFrom(120 * minute, 420 * minute, 1_200 * minute).map(wait),
}
