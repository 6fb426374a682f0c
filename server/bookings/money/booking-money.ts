import { auditOf, type AuditLine } from '#database'
import { type Currency, money, type Money } from '#foundation'
import type { MoneyRefund, PostedEntry } from '#payments'
import { mayManage, mayRefund, type Standing, viewerOf } from '../access.ts'
import { mayCancel } from '../cancel.ts'
import { dueAtPlace, promisedTerms } from './due.ts'
import { actionWords, actorWords, attemptWords, ledgerWords, refundReason, refundWords } from './money-words.ts'
import type { BookingMoneyOnTheWire, RefundOnTheWire } from './money-schemas.ts'
import type { BookingNeeds } from '../needs.ts'
import { mayBeNoShow } from '../no-show.ts'
import type { BookingRow } from '../queries.ts'

/** One booking's money for whoever may see it: every attempt and refund, their sums, and who did what, in plain words. */
export async function bookingMoney(needs: BookingNeeds, booking: BookingRow, standing: Standing): Promise<BookingMoneyOnTheWire> {
  const { database, catalog, payments } = needs
  const names = (await catalog.describeServices(database, [booking.serviceId])).get(booking.serviceId)
  if (!names) throw new Error(`The service of booking ${booking.id} is gone.`)
  const { attempts, refunds, paid, refunded, refundDue, kept, returnable } = await payments.moneyOf(
    database,
    booking.orderId,
    booking.currency,
  )
  const { entries } = await payments.ledgerOf(database, booking.orderId)
  const viewer = viewerOf(standing)
  const history = await auditOf(database, [booking.id, ...attempts.map(({ id }) => id)])
  return {
    bookingId: booking.id,
    reference: booking.reference,
    status: booking.lapsed ? 'expired' : booking.status,
    businessName: names.businessName,
    serviceName: names.serviceName,
    startsAt: booking.startsAt.toString(),
    zone: booking.zone,
    price: money(booking.amountMinor, booking.currency),
    paymentTerms: promisedTerms(booking),
    paid,
    refunded,
    refundDue,
    kept,
    dueAtPlace: dueAtPlace(booking),
    returnable,
    attempts: attempts.map(({ id, status, amount, createdAt }) => ({
      id,
      status,
      amount,
      createdAt: createdAt.toString(),
      words: attemptWords[status],
    })),
    refunds: refunds.map(presentRefund),
    ledger: entries.filter((entry) => viewer !== 'customer' || touches(entry, 'order')).map(presentEntry),
    history: history.map((line) => presentLine(line, booking.currency)),
    viewer,
    allowed: {
      refund: mayRefund(standing) && returnable.amountMinor > 0,
      noShow: mayManage(standing) && mayBeNoShow(booking),
      cancel: mayManage(standing) && !booking.lapsed && mayCancel(booking),
    },
  }
}

export function presentRefund({ id, amount, state, way, reason, note, createdAt, updatedAt }: MoneyRefund): RefundOnTheWire {
  return {
    id,
    amount,
    status: state,
    reason: refundReason(reason),
    note,
    words: refundWords({ state, way }),
    createdAt: createdAt.toString(),
    updatedAt: updatedAt.toString(),
  }
}

const touches = ({ debit, credit }: PostedEntry, account: PostedEntry['debit']) => debit === account || credit === account

/** In: the customer paid, or what was taken away came back. What the gateway holds tells it of a fee, which no order knows of. */
function presentEntry(entry: PostedEntry) {
  const { id, postedAt, kind, amountMinor, currency, credit, debit } = entry
  const isIn = touches(entry, 'order') ? credit === 'order' : debit === 'gateway'
  const way = isIn ? ('in' as const) : ('out' as const)
  return { id, at: postedAt.toString(), kind, words: ledgerWords[kind], amount: { amountMinor, currency }, way }
}

/** A booking's own lines speak of its price; only lines about payments and refunds speak of money that moved. */
function presentLine({ id, at, action, actorKind, details }: AuditLine, currency: Currency) {
  const { amountMinor, note } = details
  const amount: Money | null = typeof amountMinor === 'number' && !action.startsWith('booking.') ? money(amountMinor, currency) : null
  return {
    id,
    at: at.toString(),
    action,
    who: actorWords[actorKind],
    what: actionWords(action),
    amount,
    note: typeof note === 'string' ? note : null,
  }
}
