import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { test } from 'node:test'
import type { ShownInvoice } from '../trial.ts'
import { basic, PUBLISHABLE_KEY, SECRET_KEY, startTrial } from '../trial.ts'
import type { Payment } from './objects.ts'

type Refused = { type: string; message: string; errors: Record<string, string[]> }

test('only a whole key with an empty password is let in, and only a secret one to invoices', async (t) => {
  const { control } = await startTrial(t)
  const ask = async (headers: Record<string, string>): Promise<[number, unknown]> => {
    const { status, body } = await control<Refused>('GET', '/v1/invoices', undefined, headers)
    return [status, body.type]
  }
  assert.deepEqual(await ask({}), [401, 'authentication_error'])
  assert.deepEqual(await ask(basic('sk_test_short')), [401, 'authentication_error'])
  assert.deepEqual(await ask(basic(SECRET_KEY, 'password')), [401, 'authentication_error'])
  assert.deepEqual(await ask({ authorization: `Bearer ${SECRET_KEY}` }), [401, 'authentication_error'])
  assert.deepEqual(await ask(basic(PUBLISHABLE_KEY)), [403, 'api_error'])
  assert.deepEqual(await ask(basic(SECRET_KEY.replace('test', 'live'))), [405, 'account_inactive_error'])
  assert.equal((await ask(basic(SECRET_KEY)))[0], 200)
})

test('a client without a name is stopped at the edge with HTML', async (t) => {
  const { url } = await startTrial(t)
  const status = await new Promise<[number | undefined, string | undefined]>((resolve, reject) => {
    request(`${url}/v1/invoices`, { headers: basic(SECRET_KEY) }, (response) => {
      response.resume()
      resolve([response.statusCode, response.headers['content-type']])
    })
      .on('error', reject)
      .end()
  })
  assert.deepEqual(status, [403, 'text/html; charset=utf-8'])
})

test('an invoice is made with a page of its own and read back unchanged', async (t) => {
  const { url, moyasar, newInvoice } = await startTrial(t)
  const made = await newInvoice({ metadata: { attempt_id: 'a-1', tries: 2 }, expired_at: '2099-01-01T03:00:00+03:00' })
  assert.equal(made.url, `${url}/checkout/invoices/${made.id}`)
  assert.equal(made.status, 'initiated')
  assert.equal(made.amount_format, '150.00 SAR')
  assert.equal(made.expired_at, '2099-01-01T00:00:00.000Z')
  assert.deepEqual(made.metadata, { attempt_id: 'a-1', tries: 2 })
  const read = await moyasar<ShownInvoice>('GET', `/invoices/${made.id}`)
  assert.deepEqual(read.body, made)
  assert.match(read.headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/)
  assert.equal((await newInvoice()).metadata, null)
})

test('each wrong field of an invoice is named in the documented words', async (t) => {
  const { moyasar } = await startTrial(t)
  const refused = async (more: Record<string, unknown>): Promise<Refused> => {
    const { status, body } = await moyasar<Refused>('POST', '/invoices', { amount: 100, currency: 'SAR', description: 'x', ...more })
    assert.equal(status, 400)
    assert.equal(body.type, 'validation_error')
    return body
  }
  assert.deepEqual((await refused({ amount: 99 })).errors, { amount: ['The value must be greater than or equal to 100.'] })
  assert.deepEqual((await refused({ amount: '100' })).errors, { amount: ['must be an integer'] })
  assert.deepEqual((await refused({ amount: 100.5 })).errors, { amount: ['must be an integer'] })
  assert.match(
    (await refused({ expired_at: '2020-01-01' })).errors['expired_at']?.[0] ?? '',
    /^The value must be greater than or equal to \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000\.$/,
  )
  assert.deepEqual(Object.keys((await refused({ currency: 'riyal', description: '', callback_url: 'not an address' })).errors), [
    'currency',
    'description',
    'callback_url',
  ])
  const many = Object.fromEntries(Array.from({ length: 31 }, (_, index) => [`k${index}`, 'v']))
  for (const metadata of [many, { ['k'.repeat(41)]: 'v' }, { k: 'v'.repeat(501) }, { k: {} }, 'text']) {
    assert.deepEqual(Object.keys((await refused({ metadata })).errors), ['metadata'])
  }
})

test('an invoice is found by its metadata exactly and at once, by time and by status, forty a page, newest first', async (t) => {
  const { moyasar, newInvoice } = await startTrial(t)
  const made: string[] = []
  for (let index = 0; index < 41; index += 1) made.push((await newInvoice({ metadata: { n: index } })).id)
  const list = async (query: string) =>
    (await moyasar<{ invoices: ShownInvoice[]; meta: Record<string, unknown> }>('GET', `/invoices${query}`)).body
  assert.deepEqual(
    (await list('?metadata[n]=4')).invoices.map(({ id }) => id),
    [made[4]],
  )
  const first = await list('')
  assert.deepEqual([first.invoices.length, first.invoices[0]?.id], [40, made[40]])
  assert.deepEqual(first.meta, { current_page: 1, next_page: 2, prev_page: null, total_pages: 2, total_count: 41 })
  assert.deepEqual(
    (await list('?page=2')).invoices.map(({ id }) => id),
    [made[0]],
  )
  assert.equal((await list('?status=paid')).invoices.length, 0)
  assert.equal((await list('?created[gt]=2099-01-01')).invoices.length, 0)
  assert.equal((await list('?created[lt]=2099-01-01')).invoices.length, 40)
  assert.equal((await list(`?id=${made[7]}`)).invoices.length, 1)
})

test('an update merges metadata and an empty value takes a key away', async (t) => {
  const { moyasar, newInvoice } = await startTrial(t)
  const { id } = await newInvoice({ metadata: { a: '1', b: '2' } })
  const updated = await moyasar<ShownInvoice>('PUT', `/invoices/${id}`, { metadata: { a: '', c: '3' }, description: 'جديد' })
  assert.deepEqual([updated.body.metadata, updated.body.description], [{ b: '2', c: '3' }, 'جديد'])
})

test('an invoice is cancelled once; an expired one reads so by itself and cannot be cancelled', async (t) => {
  const { moyasar, newInvoice, advance, invoice } = await startTrial(t)
  const { id } = await newInvoice()
  assert.equal((await moyasar<ShownInvoice>('PUT', `/invoices/${id}/cancel`)).body.status, 'canceled')
  const again = await moyasar<Refused>('PUT', `/invoices/${id}/cancel`)
  assert.deepEqual(
    [again.status, again.body.type, again.body.message],
    [400, 'invalid_request_error', 'Cancel failed. The Invoice is already canceled.'],
  )
  const short = await newInvoice({ expired_at: new Date(Date.now() + 60_000).toISOString() })
  await advance(2)
  assert.equal((await invoice(short.id)).status, 'expired')
  assert.match((await moyasar<Refused>('PUT', `/invoices/${short.id}/cancel`)).body.message, /already expired/)
})

test('what does not exist, or belongs to the other mode, is 404', async (t) => {
  const { moyasar, control, switches, newInvoice } = await startTrial(t)
  const missing = await moyasar<Refused>('GET', `/invoices/${randomUUID()}`)
  assert.deepEqual([missing.status, missing.body.type, missing.body.errors], [404, 'record_not_found', null])
  assert.equal((await moyasar('GET', `/payments/${randomUUID()}`)).status, 404)
  const { id } = await newInvoice()
  await switches({ liveAccountActive: true })
  assert.equal((await control('GET', `/v1/invoices/${id}`, undefined, basic(SECRET_KEY.replace('test', 'live')))).status, 404)
})

test('a form with brackets is read like JSON', async (t) => {
  const { url } = await startTrial(t)
  const body = new URLSearchParams({ amount: '2500', currency: 'SAR', description: 'form', 'metadata[booking]': 'b-1' })
  const response = await fetch(`${url}/v1/invoices`, { method: 'POST', headers: basic(SECRET_KEY), body })
  const { amount, metadata } = (await response.json()) as ShownInvoice
  assert.deepEqual([response.status, amount, metadata], [201, 2500, { booking: 'b-1' }])
})

test('a given_id is a v4 UUID, becomes the id, and works once', async (t) => {
  const { control } = await startTrial(t)
  const source = { type: 'creditcard', name: 'Sara Ali', number: '4111111111111111', month: 12, year: 2030, cvc: '123' }
  const pay = (more: Record<string, unknown>) =>
    control<Payment & Refused>(
      'POST',
      '/v1/payments',
      { amount: 15_000, currency: 'SAR', callback_url: 'http://shop.test/back', source, ...more },
      basic(PUBLISHABLE_KEY),
    )
  const id = randomUUID()
  const first = await pay({ given_id: id })
  assert.deepEqual([first.status, first.body.id, first.body.status], [201, id, 'initiated'])
  assert.match(first.body.source.transaction_url ?? '', /\/v1\/transaction_auths\/[0-9a-f-]{36}\/form\?token=auth_/)
  assert.equal(first.body.source.number, '4111-11XX-XXXX-1111')
  const again = await pay({ given_id: id })
  assert.deepEqual([again.status, again.body.type], [400, 'used_given_id'])
  assert.deepEqual(Object.keys((await pay({ given_id: 'pay_1' })).body.errors), ['given_id'])
  assert.deepEqual(Object.keys((await pay({ callback_url: undefined })).body.errors), ['callback_url'])
  assert.deepEqual(Object.keys((await pay({ source: { ...source, name: 'Sara' } })).body.errors), ['name'])
})
