/*
 * Every fault × every vendor of messages, on the real adapters and the real deadline, against the played vendors. For each:
 * the class as tabled, the deadline, and whether the message went out all the same. The table is
 * tests/support/message-fault-table.ts.
 */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { CallFailure, createAttempt } from '../../server/external-calls/index.ts'
import { createMetrics, systemClock } from '../../server/foundation/index.ts'
import type { NotificationProvider } from '../../server/notifications/index.ts'
import { smtpNotifications } from '../../server/providers/smtp/index.ts'
import { taqnyatNotifications } from '../../server/providers/taqnyat/index.ts'
import { twilioNotifications } from '../../server/providers/twilio/index.ts'
import { unifonicNotifications } from '../../server/providers/unifonic/index.ts'
import { whatsAppNotifications } from '../../server/providers/whatsapp/index.ts'
import { startSimulators } from '../../simulators/index.ts'
import { startBadAddresses } from '../support/bad-addresses.ts'
import { addressFaults, type FaultMeaning } from '../support/gateway-fault-table.ts'
import { type HttpVendor, httpVendors, messageFaults, relayFaults } from '../support/message-fault-table.ts'

/** Of sends that only the deadline ends; those that are to be answered have time for it on the busiest machine. */
const deadlineMs = 300
const amplyMs = 10_000
/** Of work that comes late: long enough for a whole dialogue with a relay before it. */
const lateMs = 1_500
const deadlineOf = (name: string, { errorType }: FaultMeaning): number =>
  errorType !== 'timeout' ? amplyMs : name === 'late-work' ? lateMs : deadlineMs
/** Silences outlast the deadline. */
const delays: Record<string, number> = { slow: deadlineMs * 1.5, 'late-work': lateMs * 1.5, 'slow-headers': deadlineMs / 2, drip: 20 }

const sms = { credential: 'SK1:secret', sender: 'Thabit', promotionalSender: null }
const at: Record<HttpVendor, (baseUrl: string) => NotificationProvider> = {
  unifonic: (baseUrl) => unifonicNotifications({ ...sms, baseUrl }),
  taqnyat: (baseUrl) => taqnyatNotifications({ ...sms, baseUrl }),
  twilio: (baseUrl) => twilioNotifications({ ...sms, baseUrl, accountSid: 'AC1', reportsTo: null }),
  whatsapp: (baseUrl) => whatsAppNotifications({ baseUrl: `${baseUrl}/v23.0`, phoneNumberId: '1', accessToken: 'token' }),
}
/** `smtps` from the first byte where the address says https; STARTTLS if it is offered, else. */
function relayAt(address: string): NotificationProvider {
  const url = new URL(address)
  const tls = url.protocol === 'https:' ? ('implicit' as const) : ('if offered' as const)
  return smtpNotifications({
    host: url.hostname,
    port: Number(url.port) || 587,
    tls,
    user: 'user',
    password: 'right',
    from: 'Thabit <book@thabit.test>',
  })
}

interface Seen {
  cells: number
  worst: { tookMs: number; at: string }
}

/** One send under the deadline, as the house makes it: its class, its word in the metrics, and how long it took. */
async function endOf(provider: NotificationProvider, timeoutMs: number): Promise<{ class: string; errorType: string; tookMs: number }> {
  const attempt = createAttempt({ clock: systemClock, metrics: createMetrics() })
  const message = {
    id: randomUUID(),
    to: provider.channel === 'email' ? 'sara@example.test' : '+966551234567',
    locale: 'ar' as const,
    text: 'تم تأكيد حجزك',
    subject: 'رونق',
    template: { name: 'thabit_booking_confirmed', parameters: ['رونق'] },
    promotional: false,
  }
  const startedAt = performance.now()
  const failure = await attempt({ provider: provider.name, operation: 'send-message', timeoutMs }, (signal) =>
    provider.send(message, signal),
  ).then(
    () => null,
    (error: unknown) => (error instanceof CallFailure ? error.facts : assert.fail(String(error))),
  )
  const tookMs = performance.now() - startedAt
  if (failure === null) return { class: 'ok', errorType: '', tookMs }
  return { class: [failure.outcome, failure.cause].filter(Boolean).join(': '), errorType: failure.errorType, tookMs }
}

async function startVendors(t: TestContext) {
  const simulators = await startSimulators({ port: 0 })
  t.after(() => simulators.close())
  const control = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(simulators.url + path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) })
    assert.ok(response.ok, `${path}: ${response.status}`)
    return (await response.json()) as T
  }
  const arrived = async () => (await control<unknown[]>('GET', '/inbox.json')).length
  /** Waits for the work that comes late, on however busy a machine. */
  const arrival = async (before: number, tries = 100): Promise<void> => {
    if (tries === 0 || (await arrived()) > before) return
    await sleep(20)
    await arrival(before, tries - 1)
  }
  return { ...simulators, control, arrived, arrival }
}

async function runPlayed(
  { control, arrived, arrival }: Awaited<ReturnType<typeof startVendors>>,
  provider: NotificationProvider,
  faults: Record<string, FaultMeaning>,
  seen: Seen,
): Promise<void> {
  for (const [name, meaning] of Object.entries(faults)) {
    const where = `${name} at ${provider.name}`
    const before = await arrived()
    const delayMs = delays[name]
    await control('PUT', '/faults', { provider: provider.name, operation: 'send', fault: name, ...(delayMs !== undefined && { delayMs }) })
    const { tookMs, ...end } = await endOf(provider, deadlineOf(name, meaning))
    await control('DELETE', '/faults')
    if (name === 'late-work') await arrival(before)
    assert.deepEqual(
      [end, (await arrived()) - before],
      [{ class: meaning.class, errorType: meaning.errorType }, meaning.done ? 1 : 0],
      where,
    )
    count(seen, tookMs, deadlineOf(name, meaning), where)
  }
}

function count(seen: Seen, tookMs: number, timeoutMs: number, where: string): void {
  seen.cells += 1
  if (timeoutMs === deadlineMs && tookMs > seen.worst.tookMs) seen.worst = { tookMs, at: where }
}

function judge(t: TestContext, { cells, worst }: Seen): void {
  t.diagnostic(
    `${cells} cells, deadline ${deadlineMs} ms: the longest send took ${worst.tookMs.toFixed(0)} ms (${worst.at}), ${(worst.tookMs - deadlineMs).toFixed(0)} ms past it`,
  )
  assert.ok(worst.tookMs < deadlineMs * 2.5, `${worst.tookMs} ms (${worst.at})`)
}

test('every fault of every vendor of messages is what the table says, within the deadline', async (t) => {
  const vendors = await startVendors(t)
  const seen: Seen = { cells: 0, worst: { tookMs: 0, at: '' } }
  for (const vendor of httpVendors) await runPlayed(vendors, at[vendor](vendors.url), messageFaults(vendor), seen)
  await runPlayed(vendors, relayAt(vendors.smtpUrl), relayFaults, seen)
  judge(t, seen)
})

test('every fault of the address of every vendor of messages is what the table says, within the deadline', async (t) => {
  const addresses = await startBadAddresses(t)
  const seen: Seen = { cells: 0, worst: { tookMs: 0, at: '' } }
  for (const [name, meaning] of Object.entries(addressFaults)) {
    const address = addresses[name] ?? assert.fail(name)
    for (const provider of [...httpVendors.map((vendor) => at[vendor](address)), relayAt(address)]) {
      const { tookMs, ...end } = await endOf(provider, deadlineOf(name, meaning))
      assert.deepEqual(end, { class: meaning.class, errorType: meaning.errorType }, `${name} at ${provider.name}`)
      count(seen, tookMs, deadlineOf(name, meaning), `${name} at ${provider.name}`)
    }
  }
  judge(t, seen)
})

test('the tables speak of every fault the played vendors of messages know, and of no other', async (t) => {
  const { control } = await startVendors(t)
  const { known } = await control<{ known: Record<string, Record<string, string[]>> }>('GET', '/faults')
  for (const vendor of httpVendors)
    assert.deepEqual((known[vendor]?.['send'] ?? []).toSorted(), Object.keys(messageFaults(vendor)).toSorted(), vendor)
  assert.deepEqual((known['smtp']?.['send'] ?? []).toSorted(), Object.keys(relayFaults).toSorted())
})
