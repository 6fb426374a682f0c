import { type Database, sql } from '../../../server/database/index.ts'
import { gatewayKey } from './lane.ts'

/** What is there when all is over, as the database has it and as the vendors themselves say. Read by statements of its own, not by the server's code. */
export interface Truth {
  bookings: {
    id: string
    orderId: string
    accountId: string
    clientKey: string
    reference: string
    status: string
    startsAt: Temporal.Instant
    amountMinor: number
    currency: string
  }[]
  claims: { holderId: string; resourceId: string; state: string; from: Temporal.Instant; to: Temporal.Instant }[]
  payments: {
    id: string
    payableId: string
    clientKey: string
    state: string
    disposition: string | null
    gatewayRef: string | null
    gatewayChargeId: string | null
    amountMinor: number
    currency: string
  }[]
  refunds: { paymentId: string; gatewayChargeId: string; amountMinor: number; state: string }[]
  /** What the books have for orders: paid in, less what went back. */
  booksMinor: number
  /** What waits for a person. */
  differences: { kind: string }[]
  /** Changes of bookings that people are told of. */
  changes: { aboutId: string; kind: string; version: number }[]
  notifications: Told[]
  codes: { phone: string; attempts: number; used: boolean }[]
  sessions: { phone: string }[]
  pages: Page[]
  texts: { to: string; body: string }[]
}

export interface Told {
  id: string
  aboutId: string
  kind: string
  version: number
  recipient: string
  state: string
  delivery: string | null
  /** The message on another channel that this one stands in for. */
  standsInFor: string | null
  /** Attempts after which the vendor may have sent it: it said so; nobody knows, because the answer never came or its process died before. */
  attempts: { ok: number; unsure: number }
}

/** A page at the gateway with the charges made on it. */
export interface Page {
  id: string
  status: string
  amountMinor: number
  currency: string
  attemptId: string | null
  charges: { id: string; taken: boolean; amountMinor: number; refundedMinor: number }[]
}

interface Invoice {
  id: string
  status: string
  amount: number
  currency: string
  metadata: Record<string, unknown> | null
  payments: { id: string; status: string; amount: number; refunded: number }[]
}

/** A charge in one of these states took money, however much of it went back since. */
const took = new Set(['paid', 'captured', 'refunded', 'voided'])

export async function readTruth(database: Database, simulatorsUrl: string): Promise<Truth> {
  return {
    bookings: await database.rows(sql`
      select b.id, b.order_id, b.account_id, b.client_key, b.reference, b.status, b.starts_at, o.amount_minor, o.currency
      from booking b join customer_order o on o.business_id = b.business_id and o.id = b.order_id`),
    claims: await database.rows(sql`select holder_id, resource_id, state, lower(during) as from, upper(during) as to from claim`),
    payments: await database.rows(
      sql`select id, payable_id, client_key, state, disposition, gateway_ref, gateway_charge_id, amount_minor, currency from payment`,
    ),
    refunds: await database.rows(sql`select payment_id, gateway_charge_id, amount_minor, state from refund`),
    booksMinor:
      (
        await database.row<{ minor: number }>(sql`
        select coalesce(sum(case when credit = 'order' then amount_minor when debit = 'order' then -amount_minor else 0 end), 0)::bigint as minor from ledger_entry`)
      )?.minor ?? 0,
    differences: await database.rows(sql`select kind from money_difference where resolved_at is null`),
    changes: await database.rows(sql`
      select e.subject_id as about_id,
        case when e.details ->> 'disposition' = 'applied_late' then 'payment-applied-late' else replace(e.action, '.', '-') end as kind, coalesce((e.details ->> 'version')::integer, 1) as version from audit_entry e
      where e.action in ('booking.confirmed', 'booking.rescheduled') or (e.action = 'booking.cancelled' and e.details ->> 'from' = 'confirmed')`),
    notifications: await database.rows(sql`
      select n.id, n.about_id, n.kind, n.version, n.recipient, n.state, n.delivery, n.stands_in_for,
        (select jsonb_build_object('ok', count(*) filter (where a.result = 'ok'), 'unsure', count(*) filter (where a.result = 'unknown' or a.result is null))
          from notification_attempt a where a.notification_id = n.id) as attempts
      from notification n`),
    codes: await database.rows(sql`select phone, attempts, used_at is not null as used from code_challenge`),
    sessions: await database.rows(sql`
      select i.value as phone from session s join login_identifier i on i.account_id = s.account_id`),
    pages: (await invoicesOf(simulatorsUrl)).map(toPage),
    texts: (await (await fetch(`${simulatorsUrl}/inbox.json`)).json()) as Truth['texts'],
  }
}

function toPage({ id, status, amount, currency, metadata, payments }: Invoice): Page {
  const attemptId = Object.values(metadata ?? {}).find((value) => typeof value === 'string') ?? null
  const charges = payments.map((charge) => ({
    id: charge.id,
    taken: took.has(charge.status),
    amountMinor: charge.amount,
    refundedMinor: charge.status === 'voided' ? charge.amount : charge.refunded,
  }))
  return { id, status, amountMinor: amount, currency, attemptId, charges }
}

async function invoicesOf(simulatorsUrl: string): Promise<Invoice[]> {
  const all: Invoice[] = []
  for (let page: number | null = 1; page !== null;) {
    const answer = await fetch(`${simulatorsUrl}/v1/invoices?page=${page}`, {
      headers: { authorization: `Basic ${Buffer.from(`${gatewayKey}:`).toString('base64')}` },
    })
    if (!answer.ok) throw new Error(`The gateway answered ${answer.status}.`)
    const { invoices, meta } = (await answer.json()) as { invoices: Invoice[]; meta: { next_page: number | null } }
    all.push(...invoices)
    page = meta.next_page
  }
  return all
}
