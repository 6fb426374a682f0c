import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSimulators } from '../../simulators/index.ts'
import type { CollectedSpan } from '../../simulators/otlp/index.ts'
import type { RecentCall } from '../../simulators/recent-calls.ts'
import { loadDemoData } from '../../start/demo-data.ts'
import { freePort } from '../../start/ports.ts'
import type { startParrot } from './parrot.ts'
import { testDatabase } from './postgres.ts'
import { codeFor } from './product.ts'
import { type ServerProcess, serverSettings, startServerProcess } from './server-process.ts'

const carelessModule = new URL('./careless.ts', import.meta.url).href

export type LogRecord = Record<string, unknown> & { event: string; trace_id?: string; linked_trace_ids?: string[] }

interface Sent {
  status: number
  body: Record<string, unknown>
  headers: Headers
}

/** The server in a process of its own that can be ended and begun again, its log in a file, its traces with a collector. */
export async function openTracedHouse(
  t: { after: (run: () => Promise<void> | void) => void },
  more: Record<string, string> = {},
  { careless = '', between }: { careless?: string; between?: typeof startParrot } = {},
) {
  const database = await testDatabase()
  const simulators = await startSimulators({ port: 0 })
  await loadDemoData({ databaseUrl: database.url })
  const parrot = await between?.(t, simulators.url)
  const folder = mkdtempSync(join(tmpdir(), 'thabit-traced-'))
  const logFile = join(folder, 'log')
  const port = await freePort(0)
  const settings = {
    ...serverSettings({ databaseUrl: database.url, simulatorsUrl: parrot?.url ?? simulators.url }),
    PORT: String(port),
    LOG_LEVEL: 'info',
    LOG_FILE: logFile,
    OTEL_EXPORTER_OTLP_ENDPOINT: simulators.url,
    HOLDS_PER_ACCOUNT: '50',
    ...more,
  }
  const begin = () =>
    startServerProcess(
      'serve',
      { ...settings, ...(careless !== '' && { THABIT_CARELESS: careless }) },
      careless === '' ? {} : { before: [carelessModule] },
    )
  let running: ServerProcess = await begin()
  t.after(async () => {
    await running.kill()
    await simulators.close()
    await database.drop()
    rmSync(folder, { recursive: true, force: true })
  })
  const { url } = running

  const simulator = async <T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> => {
    const answer = await fetch(simulators.url + path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    assert.ok(answer.ok, `${path} answered ${answer.status}`)
    return (await answer.json()) as T
  }
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Sent> => {
    const answer = await fetch(url + path, {
      method,
      headers: {
        ...(method === 'POST' && { 'idempotency-key': randomUUID() }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>), headers: answer.headers }
  }
  const {
    MOYASAR_SECRET_KEY: key = '',
    MOYASAR_WEBHOOK_ENDPOINT_ID: endpoint = '',
    MOYASAR_WEBHOOK_SECRET: sharedSecret = '',
  } = settings as Record<string, string>
  await simulator(
    'POST',
    '/v1/webhooks',
    { http_method: 'post', url: `${url}/v1/webhooks/moyasar/${endpoint}`, shared_secret: sharedSecret },
    { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` },
  )

  return {
    url,
    parrot,
    simulatorsUrl: simulators.url,
    databaseUrl: database.url,
    settings: settings as Record<string, string>,
    send,
    simulator,
    fault: (provider: string, operation: string, fault: string, times = 1) =>
      simulator('PUT', '/faults', { provider, operation, fault, times }),
    /** As a machine would that loses its power. */
    async killAndStartAgain() {
      await running.kill()
      running = await begin()
    },
    stop: async () => void (await running.stop()),
    /** What the server printed and logged, every process of it. */
    written: () => running.printed() + (existsSync(logFile) ? readFileSync(logFile, 'utf8') : ''),
    lines: () =>
      readFileSync(logFile, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as LogRecord),
    calls: async () => (await simulator<{ calls: RecentCall[] }>('GET', '/play/calls')).calls,
    spans: () => simulator<CollectedSpan[]>('GET', '/otlp/spans.json'),
    async signIn(phone: string, written = phone) {
      const asked = await send('POST', '/v1/auth/codes', { phone: written })
      assert.equal(asked.status, 201, JSON.stringify(asked.body))
      const code = await codeFor(simulators.url, phone)
      const { status, body, headers } = await send('POST', '/v1/auth/sessions', {
        challengeId: asked.body['challengeId'],
        code,
        name: 'نورة',
      })
      assert.equal(status, 201)
      return { code, accessToken: String(body['accessToken']), cookie: headers.get('set-cookie') ?? '' }
    },
    /** Looks until it holds, fifteen seconds at most. */
    async until(what: string, holds: () => Promise<boolean>): Promise<void> {
      for (const endsAt = performance.now() + 15_000; !(await holds());) {
        assert.ok(performance.now() < endsAt, `${what}: not within fifteen seconds`)
        await new Promise((done) => setTimeout(done, 50))
      }
    },
  }
}
