import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { sql, transaction } from '#database'
import { CallFailure } from '#external-calls'
import { createLog } from '#foundation'
import { fails, hangs, openedNotifications, phone, playedVendor } from '../../../tests/support/notifications-house.ts'
import { weakenedDatabase } from '../../../tests/support/weakened-database.ts'
import type { DeliveryReport, SaidDelivery } from './delivery-report-reader.ts'
import { mergeWaitingReports } from './delivery-reports.ts'
import { reopen } from '../queries.ts'
import { keepReports, mergeReports } from './report-queries.ts'

const operatorId = '00000000-0000-4000-8000-000000000001'

/** One vendor that can be asked by our id and one that cannot; `said` is what the first one knows. */
async function opened(t: TestContext, { askable = true } = {}) {
  const asked: string[] = []
  const known = { answer: async (_id: string): Promise<DeliveryReport[]> => [] }
  const vendor = Object.assign(
    playedVendor('askable'),
    askable && {
      findByOurId: (id: string) => {
        asked.push(id)
        return known.answer(id)
      },
    },
  )
  const house = await openedNotifications(t, 'inline', 5, { others: [vendor] })
  // The first vendor of the house is somebody else's; every message goes to the one that can be asked.
  house.vendor.answer = fails({ outcome: 'refused', errorType: 'rejected', cause: 'configuration' })
  const report = (delivery: SaidDelivery | null, change: Partial<DeliveryReport> = {}): DeliveryReport => ({
    providerMessageId: 'theirs-1',
    said: delivery ?? 'Strange',
    delivery,
    errorCode: null,
    permanent: false,
    ourId: null,
    saidAt: null,
    ...change,
  })
  const needs = { database: house.database, log: createLog({ level: 'silent' }), metrics: house.metrics }
  const keep = (...reports: DeliveryReport[]) => keepReports(house.database, { provider: 'askable', verified: 'signature', reports })
  const lose = async () => {
    vendor.answer = hangs
    await house.tell([phone])
    await house.notifications.settled()
    const row = await house.row()
    assert.deepEqual([row.status, row.errorClass], ['FAILED', 'ambiguous'])
    return row.id
  }
  const redrive = (id: string) => house.notifications.redrive(id, operatorId)
  const sweepOf = (name: string) => house.notifications.sweeps.find((sweep) => sweep.name === name)!
  const audited = async () =>
    (await house.database.rows<{ action: string }>(sql`select action from audit_entry order by at, id`)).map(({ action }) => action)
  return { ...house, carrier: vendor, asked, known, report, needs, keep, lose, redrive, sweepOf, audited }
}

const refused = (code: string) => (error: unknown) => (error as { code?: string }).code === code

test('a message whose answer was lost is SENT once the vendor reports anything of it by our id, and nobody sends it again', async (t) => {
  const { lose, keep, report, needs, row, redrive, carrier, audited, database, metrics } = await opened(t)
  for (const [round, delivery] of (['accepted', 'sent', 'delivered', 'read'] as const).entries()) {
    const id = await lose()
    const theirs = { providerMessageId: `theirs-${round}` }
    await keep(report(delivery, { ourId: id, ...theirs }))
    assert.equal(await mergeWaitingReports(needs), 1)
    const settled = await row()
    assert.deepEqual([settled.id, settled.status, settled.delivery, settled.reason, settled.errorClass], [id, 'SENT', delivery, null, null])
    const attempt = sql`select provider_message_id from notification_attempt where result = 'unknown' and notification_id = ${id}`
    assert.deepEqual(await database.row(attempt), theirs)
    await assert.rejects(redrive(id), refused('notification_not_failed'))
    assert.equal(carrier.sent.length, round + 1)
    // What comes later is found by the vendor's own id.
    await keep(report('read', { said: 'later', ...theirs }))
    await mergeWaitingReports(needs)
    assert.equal((await row()).delivery, 'read')
  }
  assert.deepEqual(
    await audited(),
    Array.from({ length: 4 }, () => 'notification.found_sent'),
  )
  assert.match(await metrics.registry.metrics(), /notification_terminal_total\{[^}]*state="SENT"[^}]*\} 4/)
})

test('reported not delivered it was taken all the same: it is SENT, and a person may send it again', async (t) => {
  const { lose, keep, report, needs, row, redrive, carrier } = await opened(t)
  const id = await lose()
  await keep(report('undelivered', { ourId: id }))
  await mergeWaitingReports(needs)
  assert.deepEqual([(await row()).status, (await row()).delivery], ['SENT', 'undelivered'])
  carrier.answer = async () => ({ providerMessageId: 'theirs-2' })
  await redrive(id)
  assert.deepEqual([(await row()).status, carrier.sent.length], ['SENT', 2])
})

test('a report by our id of another vendor, of a message that was surely not taken, or in a word we do not know settles nothing', async (t) => {
  const { lose, keep, report, needs, row, database } = await opened(t)
  const id = await lose()
  await keep(report(null, { ourId: id }))
  await keepReports(database, { provider: 'vendor', verified: 'signature', reports: [report('delivered', { ourId: id })] })
  await keepReports(database, { provider: 'another', verified: 'signature', reports: [report('delivered', { ourId: id })] })
  await mergeWaitingReports(needs)
  assert.deepEqual([(await row()).status, (await row()).delivery], ['FAILED', null])
})

test('whoever sends it again between the report and its merging is refused; without that look it would be told twice', async (t) => {
  const { lose, keep, report, redrive, carrier, database, notifications, sweepOf, needs, row } = await opened(t)
  const id = await lose()
  await notifications.redriveMany({}, operatorId)
  await keep(report('delivered', { ourId: id }))
  await assert.rejects(redrive(id), refused('notification_not_failed'))
  await sweepOf('redrive-notifications').run()
  assert.equal(carrier.sent.length, 1)
  await assert.rejects(
    transaction(
      weakenedDatabase(database, (statement) => statement.replace('r.merged_at is null', 'false')),
      async (tx) => {
        assert.ok(await reopen(tx, id))
        throw new Error('undone')
      },
    ),
    /undone/,
  )
  await mergeWaitingReports(needs)
  await sweepOf('redrive-notifications').run()
  assert.deepEqual([(await row()).status, carrier.sent.length, (await row()).redriveAt], ['SENT', 1, null])
})

test('the vendor is asked before a message is sent again, and what it took is not', async (t) => {
  const { lose, report, known, asked, redrive, carrier, row, notifications } = await opened(t)
  const id = await lose()
  known.answer = async () => [report('sent')]
  await assert.rejects(redrive(id), refused('notification_taken'))
  const { status, delivery, reports } = await row()
  assert.deepEqual([status, delivery, reports.map(({ verified }) => verified)], ['SENT', 'sent', ['look_up']])
  assert.deepEqual([asked, carrier.sent.length], [[id], 1])
  await assert.rejects(notifications.sendBy(id, { channel: 'whatsapp', recipient: phone }, operatorId), refused('notification_not_failed'))
})

test('many at once are asked after too', async (t) => {
  const { lose, report, known, carrier, row, notifications, sweepOf } = await opened(t)
  const id = await lose()
  known.answer = async () => [report('delivered')]
  assert.equal(await notifications.redriveMany({}, operatorId), 1)
  await sweepOf('redrive-notifications').run()
  await notifications.settled()
  assert.deepEqual([(await row()).id, (await row()).status, carrier.sent.length], [id, 'SENT', 1])
})

test('what the vendor does not know, or does not say, a person may send again', async (t) => {
  for (const answer of [
    async () => [],
    fails({ outcome: 'unreachable', errorType: 'connect' }) as () => Promise<never>,
    () => new Promise<never>(() => {}),
  ]) {
    const { lose, known, redrive, carrier, row } = await opened(t)
    const id = await lose()
    known.answer = answer
    carrier.answer = async () => ({ providerMessageId: 'theirs-2' })
    await redrive(id)
    assert.deepEqual([(await row()).status, carrier.sent.length], ['SENT', 2])
  }
})

test('some minutes after an end of which nobody knows the vendor is asked unasked, ever more rarely and at most six times', async (t) => {
  const { lose, report, known, asked, row, sweepOf, database } = await opened(t)
  await lose()
  const followUp = sweepOf('follow-up-notifications')
  const pass = () => database.run(sql`update notification set follow_up_at = now() where follow_up_at is not null`)
  assert.equal(await followUp.run(), 0, 'not at once')
  const due = await database.row(
    sql`select follow_up_at between now() + interval '1 minute' and now() + interval '3 minutes' as due from notification`,
  )
  assert.deepEqual(due, { due: true })
  for (let time = 0; time < 8; time++) {
    await pass()
    if (time === 3)
      known.answer = async () => {
        throw new CallFailure({ outcome: 'unknown', errorType: 'timeout' })
      }
    await followUp.run()
  }
  assert.equal(asked.length, 6)
  assert.equal((await row()).status, 'FAILED')
  await database.run(sql`update notification set follow_up_at = now(), follow_ups = 0`)
  known.answer = async () => [report('delivered')]
  await followUp.run()
  assert.deepEqual([(await row()).status, (await row()).delivery], ['SENT', 'delivered'])
  await pass()
  assert.equal(await followUp.run(), 0)
})

test('a vendor that cannot be asked leaves it to a person, and is not looked at again', async (t) => {
  const { lose, row, sweepOf, database } = await opened(t, { askable: false })
  await lose()
  await database.run(sql`update notification set follow_up_at = now()`)
  assert.equal(await sweepOf('follow-up-notifications').run(), 1)
  await database.run(sql`update notification set follow_up_at = now() where follow_up_at is not null`)
  assert.equal(await sweepOf('follow-up-notifications').run(), 0)
  assert.equal((await row()).status, 'FAILED')
})

test('without our id in the report it would wait for nobody, and stay FAILED', async (t) => {
  const { lose, keep, report, row, database } = await opened(t)
  const id = await lose()
  await keep(report('delivered', { ourId: id }))
  const blind = weakenedDatabase(database, (statement) => statement.replace('a.notification_id = w.our_id', 'false'))
  await mergeReports(blind, 10)
  assert.equal(blind.weakenedStatements(), 1)
  assert.equal((await row()).status, 'FAILED')
})
