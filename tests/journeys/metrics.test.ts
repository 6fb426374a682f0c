import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askForCode } from '../support/cast.ts'
import { startWatchedHouse } from '../support/watched-house.ts'

/** More series of one name than this, and a label holds what has no end. */
const mostSeries = 400
const mostValues = 80

interface Series {
  name: string
  labels: Record<string, string>
}

function seriesOf(text: string): Series[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = ''] = /^([a-z_:][a-z0-9_:]*)(?:\{(.*)\})? [-+\d.eINa]+$/i.exec(line) ?? []
    if (name === undefined) return []
    return {
      name,
      labels: Object.fromEntries(Array.from(labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g), ([, key = '', value = '']) => [key, value])),
    }
  })
}

test('labels stay few however many people come, and hold nobody: no phone, mail, id, code, business or name', async (t) => {
  const house = await startWatchedHouse(t)
  await house.run('reconcile')
  await house.book(10, 2)
  await house.beginToPay()
  await house.run('send-canaries')
  await house.look()
  const figures = async () => seriesOf(await (await fetch(`${house.product.url}/metrics`)).text())
  const before = await figures()
  for (let number = 0; number < 60; number++) {
    await house.api('/v1/auth/codes', { phone: `+96655${2_000_000 + number * 90_001}`, locale: 'ar' })
    await fetch(`${house.product.url}/v1/businesses/no-such-business-${number}`)
    await fetch(`${house.product.url}/no-such-page-${number}`)
  }
  await askForCode(house.product, '+966551234599')
  await house.book(30, 4)
  const after = await figures()
  assert.ok(after.length > 300, `${after.length} series`)

  const counts = new Map<string, number>()
  const values = new Map<string, Set<string>>()
  for (const { name, labels } of after) {
    counts.set(name, (counts.get(name) ?? 0) + 1)
    for (const [label, value] of Object.entries(labels)) {
      const key = `${name}{${label}}`
      values.set(key, (values.get(key) ?? new Set()).add(value))
      assert.match(label, /^(?:[a-z][a-z0-9_]*|le)$/)
      assert.ok(value.length <= 80, `${key} holds ${value}`)
      assert.doesNotMatch(value, /\d{7,}|@|[0-9a-f]{8}-[0-9a-f]{4}-|no-such|\p{Script=Arabic}|TH-/u, key)
    }
  }
  for (const business of house.product.businesses)
    assert.ok(
      after.every(({ labels }) => !Object.values(labels).includes(business)),
      business,
    )
  for (const [name, count] of counts) assert.ok(name.endsWith('_bucket') || count <= mostSeries, `${name} has ${count} series`)
  for (const [key, own] of values) assert.ok(own.size <= mostValues, `${key} has ${own.size} values`)
  // What sixty strangers add are some of the buckets of their numbers, and nothing for each of them.
  const grown = new Set(after.map(({ name }) => name)).size - new Set(before.map(({ name }) => name)).size
  assert.ok(grown <= 6, `${grown} more names`)
})

test('every figure the reference asks for is shown', async (t) => {
  const house = await startWatchedHouse(t)
  await house.run('reconcile')
  await house.run('watch-invariants')
  await house.run('send-canaries')
  await house.book(2)
  await house.look()
  const { registry } = house.product.house.metrics
  const shown = new Set(registry.getMetricsAsArray().map(({ name }) => name))
  const wanted = `http_server_request_duration_seconds external_call_duration_seconds db_client_connection_count db_client_connection_max
    db_client_connection_pending_requests nodejs_eventloop_delay_p99_seconds nodejs_eventloop_utilization nodejs_gc_duration_seconds nodejs_heap_size_used_bytes
    notification_enqueued_total notification_attempt_total notification_terminal_total notification_oldest_pending_age_seconds
    notification_unresolved_failed notification_missing notification_delivery_latency_seconds notification_delivered_ratio notification_undelivered_total
    otp_requested_total otp_sent_total otp_verified_total otp_conversion_ratio otp_blocked_total sms_spend_minor
    payment_state_total payment_open payment_open_oldest_age_seconds reconciliation_break_open reconciliation_last_success_timestamp_seconds
    webhook_received_total webhook_lag_seconds janitor_resolved_total booking_conflict_total db_retry_total hold_expired_total invariant_violation
    outbox_lease_reclaimed_total worker_last_loop_timestamp_seconds circuit_state clock_skew_seconds build_info schema_version`.split(/\s+/)
  assert.deepEqual(
    wanted.filter((name) => !shown.has(name)),
    [],
  )
})
