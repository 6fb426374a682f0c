import assert from 'node:assert/strict'
import { test } from 'node:test'
import { taqnyatReports } from './taqnyat/report.ts'
import { unifonicReports } from './unifonic/report.ts'

const reportsOf = (reader: ReturnType<typeof unifonicReports>, text: string) => {
  const answer = reader.read({ headers: {}, rawBody: Buffer.from(text), url: 'https://book.example.sa/x', query: {} })
  assert.ok(answer !== 'forged')
  assert.equal(answer.verified, 'path', 'nobody signed it')
  return answer.reports
}

test('Unifonic’s old form and its newer JSON say the same', () => {
  const old = new URLSearchParams({
    MessageID: '42000348806924',
    DLR: 'Delivered',
    Recipient: '966551234567',
    DLRTimestamp: '2026-11-22 09:15:00',
  })
  const expected = {
    providerMessageId: '42000348806924',
    said: 'Delivered',
    delivery: 'delivered',
    errorCode: null,
    permanent: false,
    ourId: null,
    saidAt: Temporal.Instant.from('2026-11-22T09:15:00Z'),
  }
  assert.deepEqual(reportsOf(unifonicReports(), old.toString()), [expected])
  const now = { MessageID: 42000348806924, Status: 'Delivered', DoneDate: '2026-11-22T09:15:00Z', ErrorCode: '' }
  assert.deepEqual(reportsOf(unifonicReports(), JSON.stringify(now)), [expected])
})

test('each word of Unifonic has its meaning', () => {
  const said = (word: string) => reportsOf(unifonicReports(), JSON.stringify({ MessageID: 1, Status: word, ErrorCode: 'ER-05' }))[0]
  assert.deepEqual(
    ['Queued', 'Sent', 'Delivered', 'Failed', 'Rejected', 'constructor'].map((word) => said(word)?.delivery),
    ['accepted', 'sent', 'delivered', 'undelivered', 'undelivered', null],
  )
  assert.equal(reportsOf(unifonicReports(), 'MessageID=1&DLR=Undeliverable')[0]?.delivery, 'undelivered')
  assert.equal(said('Failed')?.errorCode, 'ER-05')
  assert.equal(said('Failed')?.permanent, true)
  // Without a code it may as well be a phone that was off too long.
  assert.equal(reportsOf(unifonicReports(), 'MessageID=1&DLR=Undeliverable')[0]?.permanent, false)
  assert.equal(reportsOf(unifonicReports(), 'MessageID=1&DLR=Undeliverable&ErrorCode=ER-99')[0]?.permanent, false)
})

test('Taqnyat’s reports are read by the words of its other channel', () => {
  const [report] = reportsOf(
    taqnyatReports(),
    JSON.stringify({ messageId: 6937614257, status: 'dispatched', timestamp: '2026-11-22T09:15:00.000Z' }),
  )
  assert.deepEqual(
    [report?.providerMessageId, report?.delivery, String(report?.saidAt)],
    ['6937614257', 'accepted', '2026-11-22T09:15:00Z'],
  )
  const said = (status: string) => reportsOf(taqnyatReports(), JSON.stringify({ messageId: 1, status }))[0]?.delivery
  assert.deepEqual(['queued', 'sent', 'delivered', 'read', 'failed', 'deleted'].map(said), [
    'accepted',
    'sent',
    'delivered',
    'read',
    'undelivered',
    null,
  ])
})

test('what can be anything holds no reports', () => {
  for (const text of ['', '{', '[1,null,{}]', '<html>', '{"MessageID":{"a":1},"Status":"Sent"}', 'MessageID=1'])
    for (const reader of [unifonicReports(), taqnyatReports()]) assert.deepEqual(reportsOf(reader, text), [], text)
})

test('a time nobody can read is no time, and does not lose the report', () => {
  assert.equal(reportsOf(unifonicReports(), 'MessageID=1&DLR=Delivered&DLRTimestamp=2026-13-45 99:00:00')[0]?.saidAt, null)
})
