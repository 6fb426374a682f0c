import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CallFailure, type CallFailureFacts } from '#external-calls'
import { hasPayments, toCharge, toChargeList, toFailure, toHint, toPage, toRows } from './wire.ts'

const attemptId = 'c2f5a6ab-6c1c-4c4c-9a53-0f6f0d8b2c11'
const payment = {
  id: '760878ec-d1d3-5f72-9056-191683f55872',
  status: 'paid',
  amount: 15_000,
  fee: 0,
  currency: 'SAR',
  refunded: 0,
  refunded_at: null,
  captured: 0,
  invoice_id: '0f0c6a0e-5c0d-4d0e-8f43-6a2b9f3f3d10',
  ip: '10.1.2.3',
  callback_url: null,
  metadata: null,
  created_at: '2026-10-02T10:00:00.000Z',
  source: {
    type: 'creditcard',
    company: 'mada',
    name: 'Noura Ahmad',
    number: '4201-32XX-XXXX-1010',
    message: 'APPROVED',
    transaction_url: 'https://api.moyasar.com/v1/transaction_auths/1/form?token=auth_x',
    token: 'token_x',
    response_code: '00',
  },
}
const invoice = {
  id: '0f0c6a0e-5c0d-4d0e-8f43-6a2b9f3f3d10',
  status: 'initiated',
  amount: 15_000,
  currency: 'SAR',
  description: 'Haircut',
  logo_url: null,
  amount_format: '150.00 SAR',
  url: 'https://checkout.moyasar.com/invoices/0f0c6a0e-5c0d-4d0e-8f43-6a2b9f3f3d10?lang=en',
  callback_url: null,
  expired_at: '2026-10-02T10:10:00.000Z',
  created_at: '2026-10-02T10:00:00.000Z',
  updated_at: '2026-10-02T10:00:00.000Z',
  back_url: null,
  success_url: null,
  metadata: { attempt_id: attemptId },
  payments: [] as unknown[],
}

function factsOf(run: () => unknown): CallFailureFacts {
  try {
    run()
  } catch (error) {
    assert.ok(error instanceof CallFailure, String(error))
    return error.facts
  }
  return assert.fail('It was read.')
}

test('an invoice as documented is a page', () => {
  assert.deepEqual(toPage(invoice), {
    ref: invoice.id,
    url: invoice.url,
    status: 'open',
    amount: { amountMinor: 15_000, currency: 'SAR' },
    attemptId,
    charges: [],
  })
  const paid = toPage({ ...invoice, status: 'paid', payments: [payment], new_field: { of: 'theirs' } })
  assert.deepEqual([paid.status, paid.charges[0]?.status, paid.charges[0]?.id], ['paid', 'paid', payment.id])
})

test('every documented status has its meaning, and any other has none', () => {
  const pages = {
    initiated: 'open',
    paid: 'paid',
    failed: 'failed',
    refunded: 'paid',
    canceled: 'cancelled',
    expired: 'expired',
    voided: 'paid',
    on_hold: 'unrecognised',
    under_review: 'unrecognised',
    toString: 'unrecognised',
  }
  for (const [status, meaning] of Object.entries(pages)) assert.equal(toPage({ ...invoice, status }).status, meaning, status)
  const charges = {
    initiated: 'pending',
    paid: 'paid',
    captured: 'paid',
    authorized: 'authorised',
    failed: 'failed',
    expired: 'failed',
    refunded: 'refunded',
    voided: 'voided',
    void: 'voided',
    verified: 'unrecognised',
    constructor: 'unrecognised',
  }
  for (const [status, meaning] of Object.entries(charges)) assert.equal(toCharge({ ...payment, status }).status, meaning, status)
  assert.equal(toPage({ ...invoice, status: 7 }).status, 'unrecognised')
})

test('what a refund left behind is read from the running total', () => {
  assert.equal(toCharge({ ...payment, status: 'refunded', refunded: 5_000 }).refundedMinor, 5_000)
  const { refunded: _, ...older } = payment
  assert.equal(toCharge(older).refundedMinor, 0)
})

test('a refused card says why, without saying whose it was', () => {
  const { failureReason } = toCharge({
    ...payment,
    status: 'failed',
    source: { ...payment.source, response_code: '51', message: 'INSUFFICIENT FUNDS' },
  })
  assert.equal(failureReason, '51 INSUFFICIENT FUNDS')
})

test('metadata comes back as text, as a number or as nothing', () => {
  assert.equal(toPage({ ...invoice, metadata: { attempt_id: 42 } }).attemptId, '42')
  for (const metadata of [null, {}, [], 'attempt_id', { attempt_id: null }, undefined])
    assert.equal(toPage({ ...invoice, metadata }).attemptId, null)
})

test('an answer that lacks what every invoice has is unknown, whichever part is missing or bent', () => {
  const bent = [
    null,
    [],
    'paid',
    7,
    {},
    { ...invoice, id: undefined },
    { ...invoice, amount: '15000' },
    { ...invoice, amount: 150.5 },
    { ...invoice, amount: -1 },
    { ...invoice, currency: null },
    { ...invoice, url: 'javascript:alert(1)' },
    { ...invoice, url: 'not an address' },
    { ...invoice, payments: [{}] },
  ]
  for (const value of bent) {
    const { outcome, errorType } = factsOf(() => toPage(value))
    assert.deepEqual([outcome, errorType], ['unknown', 'bad_body'], JSON.stringify(value))
  }
  assert.equal(factsOf(() => toRows({ payments: [] })).errorType, 'bad_body')
})

test('a row of a list may come without its payments', () => {
  const { payments: _, ...row } = invoice
  assert.deepEqual([hasPayments(row), hasPayments(invoice), toRows({ invoices: [row], meta: {} }).length], [false, true, 1])
})

test('a list of payments says where it goes on, each with its page and, where the gateway says it, our id', () => {
  const list = toChargeList({
    payments: [{ ...payment, fee: 262, metadata: { attempt_id: attemptId } }, payment],
    meta: { current_page: 1, next_page: 2, total_pages: 2 },
  })
  assert.equal(list.nextPage, 2)
  assert.deepEqual(
    list.charges.map((charge) => [charge.id, charge.pageRef, charge.attemptId, charge.feeMinor]),
    [
      [payment.id, invoice.id, attemptId, 262],
      [payment.id, invoice.id, null, 0],
    ],
  )
  assert.equal(toChargeList({ payments: [], meta: { next_page: null } }).nextPage, null)
  for (const bent of [
    { payments: [] },
    { payments: [], meta: null },
    { payments: [], meta: {} },
    { payments: [], meta: { next_page: 'two' } },
    { invoices: [], meta: { next_page: null } },
  ]) {
    assert.equal(factsOf(() => toChargeList(bent)).errorType, 'bad_body', JSON.stringify(bent))
  }
})

test('errors come in three shapes, and none of them is a surprise', () => {
  const kinds = (status: number, body: string) => {
    const { outcome, cause = null, errorType } = toFailure(status, body).facts
    return [outcome, cause, errorType]
  }
  const body = (errors: unknown, type = 'validation_error') => JSON.stringify({ type, message: 'Validation Failed', errors })
  assert.deepEqual(kinds(400, body({ amount: ['must be an integer'] })), ['refused', 'permanent', 'http_4xx'])
  assert.deepEqual(kinds(400, body('Wrong number of parameters')), ['refused', 'permanent', 'http_4xx'])
  assert.deepEqual(kinds(400, body(null)), ['refused', 'permanent', 'http_4xx'])
  assert.deepEqual(kinds(404, body(null, 'record_not_found')), ['refused', 'permanent', 'http_4xx'])
  assert.deepEqual(kinds(401, body(null, 'authentication_error')), ['refused', 'configuration', 'http_4xx'])
  assert.deepEqual(kinds(403, body(null, 'api_error')), ['refused', 'configuration', 'http_4xx'])
  assert.deepEqual(kinds(405, body(null, 'account_inactive_error')), ['refused', 'configuration', 'http_4xx'])
  assert.deepEqual(kinds(429, body(null, 'rate_limit_error')), ['refused', 'temporary', 'http_429'])
  assert.deepEqual(kinds(500, body(null, 'api_error')), ['unknown', null, 'http_5xx'])
  assert.deepEqual(kinds(503, '<html>'), ['unknown', null, 'http_5xx'])
  assert.match(toFailure(403, '<!doctype html>Error 1010').facts.detail ?? '', /network edge/)
})

test('a failure names the field and the call, and repeats nothing that was in it', () => {
  const { facts } = toFailure(
    400,
    JSON.stringify({ type: 'validation_error', message: 'Noura', errors: { description: ['Noura is too long'] } }),
    'req-1',
  )
  assert.deepEqual([facts.providerCode, facts.detail], ['400 validation_error', 'description · request req-1'])
  assert.ok(!JSON.stringify(facts).includes('Noura'))
})

const event = {
  id: 'e6a9e6a0-1111-4222-8333-444455556666',
  type: 'payment_paid',
  created_at: '2026-10-02T10:01:00.000Z',
  secret_token: 's3cret',
  account_name: 'Thabit',
  live: false,
  data: { ...payment, metadata: { attempt_id: attemptId } },
}

test('a webhook says where to look', () => {
  const hint = toHint(event)
  assert.deepEqual(
    [hint?.eventId, hint?.eventType, hint?.secret, hint?.live, hint?.pageRef, hint?.attemptId],
    [event.id, 'payment_paid', 's3cret', false, payment.invoice_id, attemptId],
  )
  assert.equal(toHint({ ...event, type: 'payment_faild' })?.eventType, 'payment_faild')
  assert.equal(toHint({ ...event, data: { id: 'transfer' }, type: 'balance_transferred' })?.pageRef, null)
  assert.equal(toHint({ ...event, data: { ...payment, metadata: { attempt_id: "'; drop table payment" } } })?.attemptId, null)
})

test('what is kept of a webhook proves nothing, pays nothing and names nobody, whatever its type', () => {
  for (const body of [event, { ...event, type: 'unheard_of', data: { deep: [{ secret_token: 's3cret', token: 'token_x' }] } }]) {
    const kept = JSON.stringify(toHint(body)?.payload)
    for (const secret of ['s3cret', 'token_x', 'auth_x', 'Noura', '4201', '10.1.2.3'])
      assert.ok(!kept.includes(secret), `${secret} in ${kept}`)
  }
  assert.deepEqual(toHint(toHint(event)?.payload), { ...toHint(event), secret: null }, 'what was kept says the same again')
})

test('what is no event is none', () => {
  for (const body of [null, [], 'x', 1, {}, { id: 1, type: 'x' }, { id: '', type: 'x' }, { id: 'x' }, { id: 'x'.repeat(201), type: 'x' }])
    assert.equal(toHint(body), null)
})
