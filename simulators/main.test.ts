import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openStore } from './store.ts'
import { basic, SECRET_KEY, startListener } from './trial.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))

function temporaryHome(t: TestContext): string {
  const home = mkdtempSync(join(tmpdir(), 'simulators-'))
  t.after(() => rmSync(home, { recursive: true, force: true }))
  return home
}

async function startProcess(t: TestContext, env: Record<string, string>): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(main, [], {
    env: { ...process.env, SIMULATORS_PORT: '0', ...env },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  t.after(() => child.kill('SIGKILL'))
  const [message] = (await once(child, 'message')) as [{ url: string }]
  return { child, url: message.url }
}

async function call<T>(url: string, method: string, path: string, body?: unknown): Promise<T> {
  const headers = { ...basic(SECRET_KEY), 'content-type': 'application/json' }
  const response = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  return (await response.json()) as T
}

test('after kill -9 the vendors still know what they acknowledged, and finish what they owed', async (t) => {
  const home = temporaryHome(t)
  const listener = await startListener(t)
  const before = await startProcess(t, { SIMULATORS_HOME: home })
  const invoice = await call<{ id: string; url: string }>(before.url, 'POST', '/v1/invoices', {
    amount: 100,
    currency: 'SAR',
    description: 'x',
    metadata: { a: 'b' },
  })
  const hook = await call<{ id: string }>(before.url, 'POST', '/v1/webhooks', {
    http_method: 'post',
    url: listener.url,
    shared_secret: 's',
  })
  await call(before.url, 'POST', '/rest/SMS/messages', { AppSid: 'a', Recipient: '966551234567', Body: 'kept' })
  await call(before.url, 'PUT', '/faults', { provider: 'moyasar', fault: 'late-webhook', delayMs: 600_000 })
  const played = await call<{ paymentId: string }>(before.url, 'POST', '/play/moyasar', { redirectUrl: invoice.url })
  before.child.kill('SIGKILL')
  await once(before.child, 'exit')
  assert.equal(listener.heard.length, 0)

  const after = await startProcess(t, { SIMULATORS_HOME: home })
  const { status, payments } = await call<{ status: string; payments: { id: string }[] }>(after.url, 'GET', `/v1/invoices/${invoice.id}`)
  assert.deepEqual([status, payments.map(({ id }) => id)], ['paid', [played.paymentId]])
  const { webhooks } = await call<{ webhooks: { id: string }[] }>(after.url, 'GET', '/v1/webhooks')
  assert.deepEqual(
    webhooks.map(({ id }) => id),
    [hook.id],
  )
  assert.equal((await call<{ body: string }[]>(after.url, 'GET', '/inbox.json'))[0]?.body, 'kept')
  await call(after.url, 'POST', '/play/clock', { advanceMs: 601_000 })
  assert.equal(listener.heard.length, 1)
})

test('the process stops on SIGTERM and when its parent goes, and takes the next port when one is taken', async (t) => {
  const taken = createServer()
  await new Promise<void>((resolve) => {
    taken.listen(0, '127.0.0.1', resolve)
  })
  t.after(() => taken.close())
  const { port } = taken.address() as AddressInfo
  const one = await startProcess(t, { SIMULATORS_PORT: String(port) })
  assert.notEqual(Number(new URL(one.url).port), port)
  assert.ok(Number(new URL(one.url).port) > port)
  one.child.kill('SIGTERM')
  assert.deepEqual(await once(one.child, 'exit'), [0, null])
  const other = await startProcess(t, {})
  other.child.disconnect()
  assert.deepEqual(await once(other.child, 'exit'), [0, null])
})

test('a journal whose last line was cut short opens with all the lines before it', (t) => {
  const home = temporaryHome(t)
  const store = openStore(home)
  store.put('kind', 'a', { n: 1 })
  store.put('kind', 'b', { n: 2 })
  store.remove('kind', 'a')
  store.close()
  appendFileSync(join(home, 'vendors.jsonl'), '{"kind":"kind","id":"c","va')
  const again = openStore(home)
  t.after(() => again.close())
  assert.deepEqual(again.all('kind'), [{ n: 2 }])
})
