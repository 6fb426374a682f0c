import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../server/database/index.ts'
import { signIn } from '../support/api.ts'
import { until } from '../support/notifications-house.ts'
import { openProcessesHouse } from '../support/processes-house.ts'

const phone = '+966551234567'

test('two worker processes share one backlog: each message goes once, and the vendor sees no more than their pace', async (t) => {
  const house = await openProcessesHouse(t)
  const server = await house.start('serve')
  const customer = await signIn({ ...house, url: server.url }, phone)
  await house.bookFree(customer, server.url, 1)
  await server.stop()
  await house.promiseToMany(60)
  const perSecond = 5
  const env = { NOTIFICATION_DELIVERY: 'queue', NOTIFICATION_RATE_PER_SECOND: String(perSecond) }
  await Promise.all([house.start('work', env), house.start('work', env)])
  await until(async () => (await house.messages()).every(({ state }) => state === 'SENT'), 40_000)

  const texts = (await house.texts()).filter(({ to }) => to.startsWith('+96655000'))
  assert.deepEqual([texts.length, new Set(texts.map(({ to }) => to)).size], [60, 60])
  const arrivals = texts.map(({ receivedAt }) => Date.parse(receivedAt)).toSorted((a, b) => a - b)
  // A second's worth at once, and then so many a second, of each of the two.
  for (const [at, arrival] of arrivals.entries()) {
    const withinSecond = arrivals.filter((other) => other >= arrival && other < arrival + 1_000).length
    assert.ok(withinSecond <= 2 * perSecond * 2 + 2, `${withinSecond} messages within a second, from the ${at}th on`)
  }
  const tookMs = (arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)
  assert.ok(tookMs >= 4_000, `60 messages at ${2 * perSecond} a second took ${tookMs} ms`)
})

test('from inline to a queue and back, with what each left behind: nothing is lost and nothing goes twice', async (t) => {
  const house = await openProcessesHouse(t)
  const rest = () => until(async () => (await house.messages()).every(({ state }) => state === 'SENT'), 30_000)
  /** What was put off, and what a process held when it was killed, comes due; it is not waited for. */
  const dueNow = () =>
    house.database.run(
      sql`update notification set next_attempt_at = now() - interval '1 hour', lease_until = least(lease_until, now()) where state = 'PENDING'`,
    )
  const inline = await house.start('serve', { NOTIFICATION_TIMEOUT_MS: '20000' })
  const customer = await signIn({ ...house, url: inline.url }, phone)
  const [first] = await house.bookFree(customer, inline.url, 1)
  await house.vendorIs({ fault: 'hang' })
  const unanswered = house.bookFree(customer, inline.url, 1).catch(() => 'the answer never came')
  await until(async () => (await house.messages()).length === 2 && (await house.messages()).every(({ attempts }) => attempts.length === 1))
  await inline.kill()
  await unanswered
  await house.vendorIs(null)

  await dueNow()
  const queue = await house.start('serve', { NOTIFICATION_DELIVERY: 'queue' })
  await rest()
  await house.vendorIs({ fault: 'http-429' })
  const later = await signIn({ ...house, url: queue.url }, phone)
  await house.bookFree(later, queue.url, 2)
  await until(async () => (await house.messages()).filter(({ state, attempts }) => state === 'PENDING' && attempts.length > 0).length === 2)
  assert.equal(await queue.stop(), 0)
  await house.vendorIs(null)

  await dueNow()
  await house.start('serve')
  await rest()
  const references = await house.database.rows<{ reference: string }>(sql`select reference from booking order by created_at`)
  const texts = await house.texts()
  assert.deepEqual(
    references.map(({ reference }) => texts.filter(({ body }) => body.includes(reference)).length),
    [1, 1, 1, 1],
  )
  assert.equal(references[0]?.reference, first?.reference)
})
