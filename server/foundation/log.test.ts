import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { createLog, type LogOptions } from './log.ts'
import { logEvents } from './log-events.ts'
import { inTrace, newTrace, parseTraceParent } from './trace.ts'

function openLog(t: TestContext, options: Partial<LogOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'thabit-log-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'deeper', 'log')
  const lines = () =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((text) => JSON.parse(text) as Record<string, unknown>)
  return { log: createLog({ level: 'info', file, ...options }), lines, written: () => readFileSync(file, 'utf8') }
}

test('what must never be written is cut, should a caller forget', (t) => {
  const { log, lines, written } = openLog(t)
  log.info({ event: 'open', phone: '+966551234567', code: '271828', body: { any: '+966551234567' }, secret_token: 'hush' }, 'words')
  const forgotten = { account: { phone: '+966551234567', accessToken: 'hush' }, headers: { authorization: 'Bearer hush', cookie: 'hush' } }
  log.info({ event: 'open', ...forgotten }, 'words')
  log.debug({ event: 'open' }, 'not at this level')
  assert.doesNotMatch(written(), /966551234567|271828|hush|not at this level/)
  assert.equal(lines()[0]?.['msg'], 'words')
  assert.match(String(lines()[0]?.['time']), /^\d{4}-\d{2}-\d{2}T.*Z$/)
})

const quoting = () =>
  Object.assign(new Error('No route to 0551234567, code 271828'), {
    detail: 'Key (phone)=(+966551234567) already exists.',
    cause: new Error('said by mona@example.com with sk_live_abcdefgh12345678 and a-secret-of-the-house'),
  })

test('an error is told without what a vendor or PostgreSQL quotes in it, and without the secrets of the house', (t) => {
  const { log, lines, written } = openLog(t, { secrets: ['a-secret-of-the-house'] })
  log.error({ event: 'request_failed', err: quoting() }, 'words')
  assert.doesNotMatch(written(), /551234567|271828|mona|sk_live|of-the-house/)
  assert.match(JSON.stringify(lines()[0]?.['err']), /"type":"Error".*No route to ….*log\.test\.ts/)
})

test('without the cut the same error tells the number and the code', (t) => {
  const { log, written } = openLog(t, { redaction: false })
  log.error({ event: 'request_failed', err: quoting() }, 'words')
  assert.match(written(), /0551234567.*271828/)
})

test('every line carries the id of its trace, and of those it is linked to', (t) => {
  const { log, lines } = openLog(t)
  const trace = newTrace()
  trace.links.set('b'.repeat(32), 'c'.repeat(16))
  inTrace(trace, () => log.info({ event: 'open' }, 'words'))
  log.info({ event: 'open' }, 'words')
  assert.deepEqual(
    lines().map((line) => [line['trace_id'], line['linked_trace_ids']]),
    [
      [trace.traceId, ['b'.repeat(32)]],
      [undefined, undefined],
    ],
  )
  assert.equal(parseTraceParent(`00-${trace.traceId}-${trace.spanId}-01`)?.traceId, trace.traceId)
})

test('the outcomes a line may tell of are words in a closed list, each with its meaning', () => {
  for (const [event, meaning] of Object.entries(logEvents)) {
    assert.match(event, /^[a-z]+(_[a-z]+)*$/)
    assert.match(meaning, /^[A-Z].*\.$/)
  }
})
