import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { startSimulators } from './index.ts'
import type { Invoice, Payment } from './moyasar/objects.ts'

/** What the simulators' own tests share: a started set, and callers that speak as a client would. */
export type Reply<T = Record<string, unknown>> = { status: number; body: T; headers: Headers }
export type ShownInvoice = Invoice & { payments: Payment[] }

export const SECRET_KEY = `sk_test_${'a1'.repeat(20)}`
export const PUBLISHABLE_KEY = `pk_test_${'b2'.repeat(20)}`

export function basic(key: string, password = ''): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${key}:${password}`).toString('base64')}` }
}

export type Trial = Awaited<ReturnType<typeof startTrial>>

export async function startTrial(t: TestContext, options: { home?: string } = {}) {
  const simulators = await startSimulators({ port: 0, ...options })
  t.after(() => simulators.close())
  const { url } = simulators
  const control = async <T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply<T>> => {
    const response = await fetch(url + path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
    })
    const text = await response.text()
    const isJson = (response.headers.get('content-type') ?? '').includes('json')
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : { text }) as T }
  }
  const moyasar = <T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<Reply<T>> =>
    control<T>(method, `/v1${path}`, body, basic(SECRET_KEY))
  const newInvoice = async (more: Record<string, unknown> = {}): Promise<ShownInvoice> => {
    const wanted = {
      amount: 15_000,
      currency: 'SAR',
      description: 'قص شعر',
      success_url: 'http://shop.test/done',
      back_url: 'http://shop.test/back',
      ...more,
    }
    return (await moyasar<ShownInvoice>('POST', '/invoices', wanted)).body
  }
  return {
    url,
    close: () => simulators.close(),
    control,
    moyasar,
    newInvoice,
    invoice: async (id: string) => (await moyasar<ShownInvoice>('GET', `/invoices/${id}`)).body,
    play: async (redirectUrl: string, more: Record<string, unknown> = {}) =>
      (
        await control<{
          invoiceStatus: string
          paymentStatus: string
          returnUrl: string | null
          paymentId: string
          challengeUrl: string | null
        }>('POST', '/play/moyasar', { redirectUrl, ...more })
      ).body,
    fault: (body: Record<string, unknown>) => control('PUT', '/faults', body),
    switches: (body: Record<string, unknown>, vendor = 'moyasar') => control('PUT', `/play/${vendor}/switches`, body),
    advance: (minutes: number) => control('POST', '/play/clock', { advanceMs: minutes * 60_000 }),
  }
}

export type Heard = { id: string; type: string; secret_token: string; live: boolean; data: Payment }

/** An endpoint that hears webhooks and answers `status`. */
export async function startListener(t: TestContext) {
  const heard: Heard[] = []
  const listener = { url: '', status: 200, heard, until: (count: number) => waitFor(() => heard.length >= count) }
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    request.on('end', () => {
      heard.push(JSON.parse(text) as Heard)
      response.writeHead(listener.status).end('noted')
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  listener.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  return listener
}

/** Waits for something that happens by itself, two seconds at most. */
export async function waitFor(done: () => boolean | Promise<boolean>): Promise<void> {
  const endsAt = performance.now() + 2_000
  while (!(await done())) {
    if (performance.now() > endsAt) throw new Error('It did not happen within two seconds')
    await new Promise((resolve) => {
      setTimeout(resolve, 10)
    })
  }
}
