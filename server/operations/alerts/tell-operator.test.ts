import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CallFailure, createAttempt, createSurfaced } from '#external-calls'
import { createLog, createMetrics, systemClock } from '#foundation'
import type { DueTelling } from './queries.ts'
import { type AlertNotice, createTellOperator, type OperatorLine } from './tell-operator.ts'

const alert = (name: string, labels: Record<string, string> = {}, more: Partial<DueTelling> = {}): DueTelling => {
  const at = Temporal.Instant.from('2026-11-22T00:00:00Z')
  return { id: name, name, severity: 'page', labels, since: at, firedAt: at, notifiedAt: null, resolvedAt: null, over: false, ...more }
}

/** Lines by `channel:vendor,vendor`, and whom each vendor reached; those in `down` take nothing. */
function opened(written: string[], down: string[] = [], locale: 'ar' | 'en' = 'en') {
  const sent: string[] = []
  const notices: AlertNotice[] = []
  const lines = written.map((line): OperatorLine => {
    const [channel = '', vendors = ''] = line.split(':')
    const way = (vendor: string) => ({
      vendor,
      async send(notice: AlertNotice) {
        if (down.includes(vendor)) throw new CallFailure({ outcome: 'unreachable', errorType: 'connect' })
        sent.push(`${channel}:${vendor}`)
        notices.push(notice)
      },
    })
    return { channel, ways: vendors.split(',').map(way) }
  })
  const metrics = createMetrics()
  const surfaced = createSurfaced(createAttempt({ clock: systemClock, metrics }))
  const tell = createTellOperator({
    surfaced,
    log: createLog({ level: 'silent' }),
    metrics,
    lines,
    locale,
    publicUrl: 'https://house.test',
  })
  return { tell, sent, notices }
}

test('everyone is told, each by the first vendor that carries their channel', async () => {
  const { tell, sent } = opened(['sms:a,b', 'email:m', 'webhook:n'])
  assert.equal(await tell([alert('messages_missing')], []), true)
  assert.deepEqual(sent, ['sms:a', 'email:m', 'webhook:n'])
})

test('whoever is told of a vendor is told by another', async () => {
  const { tell, sent } = opened(['sms:a,b', 'webhook:n'])
  await tell([alert('vendor_down', { provider: 'a', purpose: 'send-message' })], [])
  assert.deepEqual(sent, ['sms:b', 'webhook:n'])
})

test('a vendor whose circuit is open is passed over whatever the alert is about', async () => {
  const { tell, sent } = opened(['sms:a,b'])
  await tell([alert('money_open', { state: 'unknown' })], ['a'])
  assert.deepEqual(sent, ['sms:b'])
})

test('whoever is told of a channel is told by another', async () => {
  const { tell, sent } = opened(['sms:a,b', 'email:m'])
  await tell([alert('messages_late', { channel: 'sms' })], [])
  assert.deepEqual(sent, ['email:m'])
})

test('where all others fail, what is said to fail is tried as well', async () => {
  const { tell, sent } = opened(['sms:a', 'email:m'], ['m'])
  assert.equal(await tell([alert('messages_late', { channel: 'sms' })], []), true)
  assert.deepEqual(sent, ['sms:a'])
})

test('that nobody was reached is said, so that it is tried again', async () => {
  const { tell } = opened(['sms:a', 'webhook:n'], ['a', 'n'])
  assert.equal(await tell([alert('messages_late')], []), false)
})

test('several alerts are one message, urgent first, in the operator’s language, with what they are about', async () => {
  const ticket = alert('clock_skewed', {}, { severity: 'ticket' })
  const over = alert('worker_stuck', { worker: 'reconcile' }, { over: true })
  const { tell, notices } = opened(['webhook:n'], [], 'ar')
  await tell([over, ticket, alert('vendor_down', { provider: 'taqnyat' })], [])
  assert.equal(notices[0]!.urgent, true)
  assert.deepEqual(notices[0]!.text.split('\n'), [
    'ثابت – تنبيه عاجل',
    '• مزوّد خارجي لا يجيب (taqnyat)',
    '• ساعة الخادم تخالف ساعة قاعدة البيانات',
    'انتهى: عمل دوري متوقف (reconcile)',
    'https://house.test/ops',
  ])
})

test('more alerts than anyone reads are counted', async () => {
  const { tell, notices } = opened(['webhook:n'])
  await tell(
    Array.from({ length: 9 }, () => alert('messages_missing')),
    [],
  )
  assert.match(notices[0]!.text, /and 4 more/)
})
