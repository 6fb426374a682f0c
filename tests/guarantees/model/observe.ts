import assert from 'node:assert/strict'
import type { House } from './house.ts'
import { type Attempt, attemptsOf, type Booking, type Message, messagesOf, type Model, ownsTime, type Refund, services } from './model.ts'
import { originMs } from './movable-clock.ts'

interface Seen {
  id: string
  status: string
  version: number
  startsAt: number
  claims: { resource: string; startsAt: number; state: string }[]
  attempts: {
    id: string
    key: string
    state: string
    disposition: string | null
    pageRef: string | null
    askAt: number | null
    refunds: SeenRefund[]
  }[]
  items: { id: string; kind: string; paymentId: string | null; refundId: string | null; chargeId: string | null }[]
  messages: { id: string; kind: string; version: number; occasion: string; state: string; tryAt: number }[]
}
interface SeenRefund {
  id: string
  chargeId: string
  amount: number
  reason: string
  state: string
  way: string | null
  setAside: boolean
  tryAt: number | null
}

const ms = (column: string) => `(extract(epoch from ${column}) * 1000 - ${originMs})::float8`
/** Everything a run made, a row for each booking, in the order of the keys. */
const everything = `
  select b.id, b.status, b.version, ${ms('b.starts_at')} as "startsAt",
    (select coalesce(json_agg(json_build_object('resource', c.resource_id, 'startsAt', ${ms('lower(c.during)')}, 'state', c.state)), '[]')
      from claim c where c.holder_id = b.id and c.state in ('held', 'booked')) as claims,
    (select coalesce(json_agg(json_build_object('id', p.id, 'key', p.client_key, 'state', p.state, 'disposition', p.disposition, 'pageRef', p.gateway_ref, 'askAt', ${ms('p.next_check_at')},
        'refunds', (select coalesce(json_agg(json_build_object('id', r.id, 'chargeId', r.gateway_charge_id, 'amount', r.amount_minor, 'reason', r.reason, 'state', r.state, 'way', r.way, 'setAside', r.set_aside_at is not null, 'tryAt', ${ms('r.next_try_at')}) order by r.created_at, r.id), '[]')
          from refund r where r.payment_id = p.id))), '[]')
      from payment p where p.payable_id = b.order_id) as attempts,
    (select coalesce(json_agg(json_build_object('id', d.id, 'kind', d.kind, 'paymentId', d.payment_id, 'refundId', d.refund_id, 'chargeId', d.gateway_charge_id)), '[]')
      from money_difference d join payment p on p.id = d.payment_id where p.payable_id = b.order_id and d.resolved_at is null) as items,
    (select coalesce(json_agg(json_build_object('id', n.id, 'kind', n.kind, 'version', n.version, 'occasion', n.occasion, 'state', n.state, 'tryAt', ${ms('n.next_attempt_at')})), '[]')
      from notification n where n.about_id = b.id) as messages
  from booking b`
const waitingHints = `select event_id as id, ${ms('next_try_at')} as "tryAt" from webhook_event where processed_at is null`

/** Reads what the product made of the command and holds it against the model, everything; takes over the ids and times only the product knows. */
export async function compare(model: Model, house: House): Promise<void> {
  const { pool } = house.lane.database
  const [{ rows }, waiting] = await Promise.all([pool.query<Seen>(everything), pool.query<{ id: string; tryAt: number }>(waitingHints)])
  const seen = new Map(rows.map((row) => [row.id, row]))
  const said = model.bookings.map((booking) => asModelled(booking))
  const found = model.bookings.map(({ id, key }) => asSeen(house, seen.get(id), key))
  assert.deepEqual(found, said, 'The product stands elsewhere than the model.')
  assert.equal(rows.length, model.bookings.length, 'The product has bookings nobody made.')
  assert.deepEqual(
    sorted(waiting.rows.map(({ id }) => id)),
    sorted(model.parked.map(({ eventId }) => eventId)),
    'Other webhooks wait than should.',
  )
  for (const hint of model.parked) hint.tryAt = waiting.rows.find(({ id }) => id === hint.eventId)?.tryAt ?? hint.tryAt
  for (const booking of model.bookings) takeOver(booking, seen.get(booking.id))
  for (const attempt of attemptsOf(model))
    assert.ok(
      attempt.askAt !== null || !['intent', 'redirected', 'unknown'].includes(attempt.state),
      `Nobody will ask about attempt ${attempt.key} again, which is ${attempt.state}.`,
    )
}

const sorted = (lines: string[]) => lines.toSorted()

function asModelled(booking: Booking) {
  const { key, status, version, start, attempts, messages } = booking
  const claimState = status === 'held' ? 'held' : 'booked'
  return {
    key,
    status,
    version,
    start,
    claims: ownsTime(booking) ? sorted(services[booking.service].takes.map((resource) => `${resource} ${claimState} at ${start}`)) : [],
    attempts: sorted(
      attempts.map(
        (attempt) =>
          `${attempt.key}: ${attempt.state} ${attempt.disposition}, ${attempt.pageIsKnown ? 'its page known' : 'its page unknown'}`,
      ),
    ),
    refunds: sorted(attempts.flatMap(({ key, refunds }) => refunds.map((refund) => refundLine(key, refund)))),
    messages: sorted(messages.map(messageLine)),
  }
}

function asSeen({ lane }: House, row: Seen | undefined, key: string) {
  if (!row) return `The booking ${key} is not there.`
  return {
    key,
    status: row.status,
    version: row.version,
    start: row.startsAt,
    claims: sorted(row.claims.map(({ resource, startsAt, state }) => `${lane.resourceNames.get(resource)} ${state} at ${startsAt}`)),
    attempts: sorted(
      row.attempts.map(
        ({ key, state, disposition, pageRef }) =>
          `${key}: ${state} ${disposition}, ${pageRef === null ? 'its page unknown' : 'its page known'}`,
      ),
    ),
    refunds: sorted(row.attempts.flatMap(({ key, refunds }) => refunds.map((refund) => refundLine(key, refund)))),
    messages: sorted(row.messages.map(messageLine)),
  }
}

const refundLine = (key: string, { chargeId, amount, reason, state, way, setAside }: Omit<SeenRefund, 'id' | 'tryAt'>) =>
  `${key}: ${amount} of ${chargeId} for ${reason}, ${state}, ${way ?? 'never sent'}${setAside ? ', given up' : ''}`
const messageLine = ({ kind, version, state }: { kind: string; version: number; state: string }) => `${kind} ${version} ${state}`

function takeOver(booking: Booking, row: Seen | undefined): void {
  for (const attempt of booking.attempts) {
    const one = row?.attempts.find(({ key }) => key === attempt.key)
    if (!one) continue
    attempt.id = one.id
    attempt.askAt = one.askAt
    const item = row?.items.find(({ kind, paymentId }) => kind === 'integrity_failure' && paymentId === one.id)
    attempt.item = item ?? null
    assert.ok(item !== undefined || attempt.state !== 'integrity_failure', `Nobody is called for attempt ${attempt.key}.`)
    takeOverRefunds(attempt, one.refunds, row?.items ?? [])
  }
  for (const message of booking.messages) {
    const one = row?.messages.find(
      ({ kind, version, occasion }) => kind === message.kind && version === message.version && occasion === (message.refund?.id ?? ''),
    )
    if (one) Object.assign(message, { id: one.id, tryAt: one.tryAt } satisfies Partial<Message>)
  }
}

function takeOverRefunds({ refunds }: Attempt, seen: readonly SeenRefund[], items: Seen['items']): void {
  const left = [...seen]
  for (const refund of refunds) {
    const at = left.findIndex(
      ({ chargeId, reason, amount }) => chargeId === refund.chargeId && reason === refund.reason && amount === refund.amount,
    )
    const [one] = left.splice(at, 1)
    if (!one) continue
    const itemId = items.find(({ refundId }) => refundId === one.id)?.id ?? null
    Object.assign(refund, { id: one.id, tryAt: one.tryAt, itemId } satisfies Partial<Refund>)
    assert.ok(itemId !== null || refund.state !== 'failed' || refund.setAside, `Nobody is called for a refund for ${refund.reason}.`)
  }
}

export const dueAttempts = (model: Model): Attempt[] => attemptsOf(model).filter(({ askAt }) => askAt !== null && askAt <= model.now)
export const dueMessages = (model: Model): Message[] =>
  messagesOf(model).filter(({ state, tryAt }) => state === 'PENDING' && tryAt <= model.now)
