import { CallFailure } from '#external-calls'
import type { PaymentGateway } from '#payments'
import { exchange, parseJson } from '../http-exchange.ts'
import {
  attemptIdKey,
  hasPayments,
  toCharge,
  toChargeList,
  toFailure,
  toHint,
  toPage,
  toChargebacks,
  toRows,
  toSettlements,
} from './wire.ts'

/** The gateway takes no less (1.00 SAR, and as many minor units elsewhere). */
const leastMinor = 100

/** Moyasar, by its invoices: a page on its side, so that no card ever comes near us. */
export function openMoyasar({ baseUrl, secretKey }: { baseUrl: string; secretKey: string }): PaymentGateway {
  const authorization = `Basic ${Buffer.from(`${secretKey}:`).toString('base64')}`

  async function call(method: 'GET' | 'POST' | 'PUT', path: string, signal: AbortSignal, body?: Record<string, unknown>): Promise<unknown> {
    const { status, text, requestId } = await exchange({
      method,
      url: `${baseUrl}/v1${path}`,
      headers: { authorization, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
      signal,
    })
    if (status >= 400) throw toFailure(status, text, requestId)
    if (status !== 200 && status !== 201)
      throw new CallFailure({ outcome: 'unknown', errorType: 'unknown_status', providerCode: String(status) })
    return parseJson(text)
  }

  const invoice = (ref: string) => `/invoices/${encodeURIComponent(ref)}`
  const payment = (id: string) => `/payments/${encodeURIComponent(id)}`
  const fetchPage = async (ref: string, signal: AbortSignal) => toPage(await call('GET', invoice(ref), signal))

  return {
    name: 'moyasar',
    async createPage({ attemptId, amount, description, expiresAt, returnUrl }, signal) {
      if (amount.amountMinor < leastMinor)
        throw new CallFailure({
          outcome: 'refused',
          errorType: 'rejected',
          cause: 'permanent',
          detail: `less than ${leastMinor} minor units`,
        })
      const page = toPage(
        await call('POST', '/invoices', signal, {
          amount: amount.amountMinor,
          currency: amount.currency,
          description: description.slice(0, 250),
          success_url: returnUrl,
          back_url: returnUrl,
          expired_at: expiresAt.toString({ smallestUnit: 'millisecond' }),
          metadata: { [attemptIdKey]: attemptId },
        }),
      )
      return namesAnother(page.url, page.ref) ? { ...page, attemptId: null } : page
    },
    async findPages(attemptId, signal) {
      const rows = toRows(
        await call('GET', `/invoices?${new URLSearchParams({ [`metadata[${attemptIdKey}]`]: attemptId }).toString()}`, signal),
      )
      const pages = await Promise.all(rows.map(async (row) => (hasPayments(row) ? toPage(row) : fetchPage(toPage(row).ref, signal))))
      if (pages.some(({ url, ref }) => namesAnother(url, ref)))
        throw new CallFailure({ outcome: 'unknown', errorType: 'bad_body', detail: 'A row of the list names another page than its own.' })
      // Should the filter ever be ignored, other people's pages must not become ours.
      return pages.filter((page) => page.attemptId === attemptId)
    },
    fetchPage,
    cancelPage: async (ref, signal) => toPage(await call('PUT', `${invoice(ref)}/cancel`, signal)),
    fetchCharge: async (id, signal) => about(id, toCharge(await call('GET', payment(id), signal))),
    async listCharges({ from, to }, cursor, signal) {
      const written = (at: Temporal.Instant) => at.toString({ smallestUnit: 'millisecond' })
      const query = new URLSearchParams({ 'created[gt]': written(from), 'created[lt]': written(to), page: cursor ?? '1' })
      const { charges, nextPage } = toChargeList(await call('GET', `/payments?${query.toString()}`, signal))
      return { charges, next: nextPage === null ? null : String(nextPage) }
    },
    async listChargebacks({ from, to }, cursor, signal) {
      const step = cursor === null ? { page: 1 as number | null, ids: [] as string[], lines: 1 } : (JSON.parse(cursor) as SettlementStep)
      const [id, ...rest] = step.ids
      if (id === undefined) {
        const written = (at: Temporal.Instant) => at.toString({ smallestUnit: 'millisecond' })
        const query = new URLSearchParams({ 'created[gt]': written(from), 'created[lt]': written(to), page: String(step.page) })
        const { ids, nextPage } = toSettlements(await call('GET', `/settlements?${query.toString()}`, signal))
        return { chargebacks: [], next: stepAfter({ page: nextPage, ids, lines: 1 }) }
      }
      const path = `/settlements/${encodeURIComponent(id)}/lines?page=${step.lines}`
      const { chargebacks, nextPage } = toChargebacks(await call('GET', path, signal))
      const next: SettlementStep = nextPage === null ? { ...step, ids: rest, lines: 1 } : { ...step, lines: nextPage }
      return { chargebacks, next: stepAfter(next) }
    },
    refund: async (id, amount, signal) =>
      about(id, toCharge(await call('POST', `${payment(id)}/refund`, signal, { amount: amount.amountMinor }))),
    voidCharge: async (id, signal) => about(id, toCharge(await call('POST', `${payment(id)}/void`, signal))),
    readHint: toHint,
  }
}

/** The next page of settlements, those of this one whose lines are unread, and the next page of lines of the first. */
interface SettlementStep {
  page: number | null
  ids: string[]
  lines: number
}

const stepAfter = (step: SettlementStep) => (step.page === null && step.ids.length === 0 ? null : JSON.stringify(step))

/** The page's own address names an invoice other than the one this answer claims to be. */
function namesAnother(url: string, ref: string): boolean {
  const [named] = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(new URL(url).pathname) ?? []
  return named !== undefined && named.toLowerCase() !== ref.toLowerCase()
}

/** An answer about another payment says nothing about this one. */
function about<T extends { id: string }>(id: string, charge: T): T {
  if (charge.id !== id) throw new CallFailure({ outcome: 'unknown', errorType: 'bad_body', detail: 'The answer is about another payment.' })
  return charge
}
