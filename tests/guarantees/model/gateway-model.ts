/* The gateway's side, as its documents and the played gateway have it: pages, and cards tried on them. */
import { type Attempt, type Model, minute } from './model.ts'
import type { Heard } from './vendor-faults.ts'

/** A page where one attempt is paid. */
export interface Page {
  /** Empty as long as nobody on our side was told where it is. */
  url: string
  status: 'initiated' | 'failed' | 'paid' | 'refunded' | 'voided' | 'canceled' | 'expired'
  expiresAt: number
  /** Oldest first. */
  charges: Charge[]
}

/** A card, tried. */
export interface Charge {
  id: string
  card: Card
  status: 'initiated' | 'paid' | 'failed' | 'refunded' | 'voided'
  /** When the bank said yes. */
  paidAt: number
  amount: number
  refunded: number
  /** The bank's page it waits for, and until when. */
  challengeUrl: string
  challengeEndsAt: number
  /** How much the business returned by its own hand, on the gateway's dashboard. */
  refundedByHand: number
  /** In which order cards were tried, on all pages. */
  nth: number
}

const challengeLasts = 15 * minute

/** A charge settles this long after it was paid: then it cannot be voided any more. The played gateway is told the same. */
export const settlesAfterMinutes = 45

/** Whether it is, or was, money. */
export const wasMoney = ({ status }: Charge): boolean => status === 'paid' || status === 'refunded' || status === 'voided'

/** What time alone did to a page, noticed when somebody looks. */
export function look(model: Model, page: Page): Page {
  if (page.status === 'initiated' && page.expiresAt <= model.now) page.status = 'expired'
  for (const charge of page.charges) if (charge.status === 'initiated' && charge.challengeEndsAt <= model.now) charge.status = 'failed'
  return page
}

export type Card = 'good' | 'good at once' | 'refused' | 'refused at once'
export const cards: Record<Card, string> = {
  good: '4111111111111111',
  'good at once': '4111114005765430',
  refused: '4123120001090000',
  'refused at once': '4111116611600661',
}

/** A card is typed into the page; undefined: the page takes none. */
export function tryCard(model: Model, page: Page, amount: number, card: Card): Charge | undefined {
  const { status } = look(model, page)
  if (status !== 'initiated' && status !== 'failed') return undefined
  const charge: Charge = {
    id: '',
    card,
    status: 'initiated',
    paidAt: 0,
    amount,
    refunded: 0,
    challengeUrl: '',
    challengeEndsAt: model.now + challengeLasts,
    refundedByHand: 0,
    nth: model.cards++,
  }
  page.charges.push(charge)
  if (card.endsWith('at once')) askBank(model, page, charge)
  return charge
}

/** What the customer does on the bank's page; one that is over changes nothing. */
export function endChallenge(model: Model, page: Page, charge: Charge, decision: 'approve' | 'reject'): void {
  look(model, page)
  if (charge.status !== 'initiated') return
  if (decision === 'approve') askBank(model, page, charge)
  else refuseCard(model, page, charge)
}

function askBank(model: Model, page: Page, charge: Charge): void {
  if (!charge.card.startsWith('good')) return refuseCard(model, page, charge)
  charge.status = 'paid'
  charge.paidAt = model.now
  page.status = 'paid'
}

function refuseCard(model: Model, page: Page, charge: Charge): void {
  charge.status = 'failed'
  if (look(model, page).status === 'initiated' && model.refusedCardFailsPage) page.status = 'failed'
}

/** Money goes back, whoever asked for it; false: more than is left. */
export function returnMoney(page: Page, charge: Charge, amount: number): boolean {
  if (amount > charge.amount - charge.refunded) return false
  charge.refunded += amount
  charge.status = 'refunded'
  if (charge.refunded === charge.amount) page.status = 'refunded'
  return true
}

/** All of a charge is taken back before it settles; false: too late. */
export function voidCharge(model: Model, page: Page, charge: Charge): boolean {
  if (charge.status !== 'paid' || model.now - charge.paidAt >= settlesAfterMinutes * minute) return false
  charge.status = 'voided'
  page.status = 'voided'
  return true
}

/** What an answer about a page means for its attempt. */
export type Truth =
  | { says: 'paid'; charge: Charge; extras: Charge[] }
  | { says: 'open' | 'failed' | 'expired' | 'differs' | 'spare' | 'unclear' }

/** Only what is there counts, and only with our amount and our reference; a word nobody knows means nothing yet. */
export function truthOf(model: Model, { page, pageIsKnown, chargeId }: Attempt, heard: Heard): Truth {
  if (heard === 'wrong-amount') return { says: 'differs' }
  if (heard === 'unknown-status') return { says: 'unclear' }
  if (!page) throw new Error('There is nothing to be read.')
  const { status, charges } = look(model, page)
  if (heard === 'wrong-id') {
    // It looks like a second page of ours: of no concern while nobody pays there.
    const nobodyPays = !['paid', 'refunded', 'voided'].includes(status) && charges.every((charge) => charge.status === 'failed')
    return { says: pageIsKnown && nobodyPays ? 'spare' : 'differs' }
  }
  const taken = charges.filter((charge) => charge.status === 'paid')
  const returned = charges.filter((charge) => charge.status === 'refunded' || charge.status === 'voided')
  const ours = [...taken, ...returned].find(({ id }) => id === chargeId) ?? taken[0]
  if (ours) return { says: 'paid', charge: ours, extras: taken.filter((charge) => charge !== ours) }
  if (returned.some(({ status: how, refunded, amount }) => how === 'refunded' && refunded < amount)) return { says: 'differs' }
  if (charges.some((charge) => charge.status === 'initiated')) return { says: 'open' }
  if (status === 'initiated') return { says: 'open' }
  return { says: status === 'expired' ? 'expired' : 'failed' }
}

/** The page an attempt would get now. */
export function newPage(expiresAt: number): Page {
  return { url: '', status: 'initiated', expiresAt, charges: [] }
}

/** A card that the business takes by phone for a page, whatever became of the page. */
export function takeByPhone(model: Model, page: Page, amount: number): Charge {
  const charge: Charge = {
    id: '',
    card: 'good at once',
    status: 'paid',
    paidAt: model.now,
    amount,
    refunded: 0,
    challengeUrl: '',
    challengeEndsAt: 0,
    refundedByHand: 0,
    nth: model.cards++,
  }
  page.charges.push(charge)
  page.status = 'paid'
  return charge
}
