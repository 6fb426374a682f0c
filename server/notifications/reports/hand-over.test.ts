import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { sql, transaction } from '#database'
import { createLog } from '#foundation'
import { openedNotifications, phone, playedVendor } from '../../../tests/support/notifications-house.ts'
import { weakenedDatabase } from '../../../tests/support/weakened-database.ts'
import type { DeliveryReport, SaidDelivery } from './delivery-report-reader.ts'
import { mergeWaitingReports } from './delivery-reports.ts'
import { handOverTo } from './follow-up-queries.ts'
import { keepReports } from './report-queries.ts'

const operatorId = '00000000-0000-4000-8000-000000000001'

/** A business that chose SMS, WhatsApp, e-mail, with a vendor each; what the vendor of SMS answers when asked is `known`. */
async function opened(t: TestContext, { channels = ['sms', 'whatsapp', 'email'], askable = false } = {}) {
  const whatsapp = playedVendor('wa', 'whatsapp')
  const mail = playedVendor('mail', 'email')
  whatsapp.answer = async () => ({ providerMessageId: 'wa-1' })
  mail.answer = async () => ({ providerMessageId: 'mail-1' })
  const house = await openedNotifications(t, 'inline', 5, { others: [whatsapp, mail] })
  const known = { asked: 0, answer: async (): Promise<DeliveryReport[]> => [] }
  if (askable) Object.assign(house.vendor, { findByTheirId: () => ((known.asked += 1), known.answer()) })
  house.people.set(phone, { email: 'noura@example.test', marketingConsent: false, signedInAt: null })
  await house.database.run(sql`insert into messaging_choice (business_id, channels) values (${house.businessId}, ${channels})`)
  let said = 0
  const report = (delivery: SaidDelivery, change: Partial<DeliveryReport> = {}): DeliveryReport => ({
    providerMessageId: 'v-1',
    said: `${delivery} ${said++}`,
    delivery,
    errorCode: '30005',
    permanent: true,
    ourId: null,
    saidAt: null,
    ...change,
  })
  const woken: string[] = []
  const needs = {
    database: house.database,
    log: createLog({ level: 'silent' }),
    metrics: house.metrics,
    wake: (name: string) => void woken.push(name),
  }
  const say = async (one: DeliveryReport, verified: 'signature' | 'path' = 'signature', provider = 'vendor') => {
    await keepReports(house.database, { provider, verified, reports: [one] })
    await mergeWaitingReports(needs)
  }
  const sweep = house.notifications.sweeps.find(({ name }) => name === 'follow-up-notifications')!
  const followUp = async () => {
    const did = await sweep.run()
    await house.notifications.settled()
    return did
  }
  /** As if the pause before the next look were over. */
  const pass = () => house.database.run(sql`update notification set follow_up_at = now() where follow_up_at is not null`)
  const told = async () => (await house.rows()).map((row) => `${row.channel} ${row.status} ${row.delivery}`).toReversed()
  return { ...house, whatsapp, mail, known, report, say, followUp, pass, told, woken }
}

test('a message whose channel will never reach the number goes to the next channel, once, and from there to the next', async (t) => {
  const { tell, say, report, followUp, pass, told, rows, woken, database, mail } = await opened(t)
  await tell([phone])
  await say(report('undelivered'))
  assert.deepEqual(woken, ['follow-up-notifications'])
  assert.equal(await followUp(), 1)
  assert.deepEqual(await told(), ['sms SENT undelivered', 'whatsapp SENT null'])
  const [standIn, first] = await rows()
  assert.deepEqual([standIn?.standsInFor, first?.stoodInBy], [first?.id, standIn?.id])
  assert.deepEqual(await database.rows(sql`select action, actor_kind, subject_id from audit_entry`), [
    { action: 'notification.handed_over', actorKind: 'system', subjectId: first?.id },
  ])
  // Said again, in other words, and looked at again, it is one.
  await say(report('undelivered'))
  await pass()
  assert.equal(await followUp(), 0)
  // The person's number went along, so that the next channel is found too.
  await say(report('undelivered', { providerMessageId: 'wa-1' }), 'signature', 'wa')
  await followUp()
  assert.deepEqual(await told(), ['sms SENT undelivered', 'whatsapp SENT undelivered', 'email SENT null'])
  assert.deepEqual(mail.sent, ['noura@example.test'])
  await say(report('undelivered', { providerMessageId: 'mail-1' }), 'signature', 'mail')
  assert.equal(await followUp(), 1)
  await pass()
  assert.equal(await followUp(), 0, 'after the last channel it is a person’s')
  assert.equal((await rows()).length, 3)
})

test('a report that says only “not now”, or takes itself back, hands nothing over', async (t) => {
  const { tell, say, report, followUp, told } = await opened(t)
  await tell([phone])
  await say(report('undelivered', { permanent: false, errorCode: '30003' }))
  assert.equal(await followUp(), 0)
  await tell(['+966551234568'])
  await say(report('undelivered'))
  await say(report('delivered'))
  assert.equal(await followUp(), 0)
  assert.deepEqual(await told(), ['sms SENT undelivered', 'sms SENT delivered'])
})

test('nothing is handed over that a person set aside or sent again, that something stands in for, or whose time has passed', async (t) => {
  const { tell, say, report, followUp, rows, row, notifications, vendor, database } = await opened(t)
  let told = 0
  vendor.answer = async () => ({ providerMessageId: `v-${(told += 1)}` })
  const lost = async () => {
    await tell([phone])
    await say(report('undelivered', { providerMessageId: `v-${told}` }))
    return (await row()).id
  }
  await notifications.acknowledge(await lost(), 'called', operatorId)
  await notifications.redrive(await lost(), operatorId)
  // Two more lost in a row would leave the number alone.
  await say(report('delivered', { providerMessageId: `v-${told}` }))
  await notifications.sendBy(await lost(), { channel: 'email', recipient: 'noura@example.test' }, operatorId)
  await database.run(sql`update notification set not_after = now() where id = ${await lost()}`)
  const before = (await rows()).length
  await followUp()
  assert.equal((await rows()).length, before)
  assert.equal((await database.row(sql`select from notification where follow_up_at is not null`)) === undefined, true)
})

test('many who hand the same message over write one; without the look at what stands in there would be two', async (t) => {
  const { tell, say, report, row, rows, database } = await opened(t)
  await tell([phone])
  await say(report('undelivered'))
  const { id } = await row()
  const channels = ['whatsapp', 'email'] as const
  const handOver = (db: typeof database, channel: (typeof channels)[number]) =>
    transaction(db, (tx) => handOverTo(tx, id, { channel, recipient: phone }))
  const written = await Promise.all(Array.from({ length: 6 }, (_, index) => handOver(database, channels[index % 2]!)))
  assert.equal(written.filter(Boolean).length, 1)
  assert.equal((await rows()).length, 2)
  const guard = 'and not exists (select from notification s where s.stands_in_for = n.id)'
  const blind = weakenedDatabase(database, (statement) => statement.replace(guard, ''))
  for (const channel of channels) await handOver(blind, channel)
  assert.equal(blind.weakenedStatements(), 2)
  assert.equal((await rows()).length, 3)
})

test('a report that nobody signed is confirmed by asking the vendor, and moves nothing until it is', async (t) => {
  const { tell, say, report, followUp, pass, told, known } = await opened(t, { askable: true })
  await tell([phone])
  await say(report('undelivered'), 'path')
  await followUp()
  known.answer = async () => [report('sent')]
  await pass()
  await followUp()
  assert.deepEqual([known.asked, ...(await told())], [2, 'sms SENT undelivered'])
  known.answer = async () => [report('undelivered', { errorCode: null, permanent: false })]
  await pass()
  await followUp()
  assert.deepEqual(await told(), ['sms SENT undelivered', 'whatsapp SENT null'])
})

test('an unsigned report that the vendor contradicts moves nothing and is put right; one that cannot be confirmed is a person’s', async (t) => {
  const contradicted = await opened(t, { askable: true })
  await contradicted.tell([phone])
  await contradicted.say(contradicted.report('undelivered'), 'path')
  contradicted.known.answer = async () => [contradicted.report('delivered')]
  await contradicted.followUp()
  await contradicted.pass()
  assert.equal(await contradicted.followUp(), 0)
  assert.deepEqual(await contradicted.told(), ['sms SENT delivered'])

  const unproven = await opened(t)
  await unproven.tell([phone])
  await unproven.say(unproven.report('undelivered'), 'path')
  await unproven.followUp()
  await unproven.pass()
  assert.equal(await unproven.followUp(), 0)
  assert.deepEqual(await unproven.told(), ['sms SENT undelivered'])
})

test('a process that dies over a hand-over only delays it', async (t) => {
  const { tell, say, report, followUp, pass, told, database, notifications } = await opened(t)
  await tell([phone])
  await say(report('undelivered'))
  const dies = notifications.sweeps.find(({ name }) => name === 'follow-up-notifications')!
  await database.run(sql`alter table audit_entry rename to audit_entry_away`)
  await assert.rejects(async () => dies.run())
  await database.run(sql`alter table audit_entry_away rename to audit_entry`)
  assert.deepEqual(await told(), ['sms SENT undelivered'])
  await pass()
  await followUp()
  assert.deepEqual(await told(), ['sms SENT undelivered', 'whatsapp SENT null'])
})
