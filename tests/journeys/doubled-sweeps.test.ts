import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assemble } from '../../server/assembly.ts'
import { readConfig } from '../../server/config.ts'
import { databaseUnavailable, sql } from '../../server/database/index.ts'
import { signIn } from '../support/api.ts'
import { offerWhere, slotsOf } from '../support/customer.ts'
import { until } from '../support/notifications-house.ts'
import { openProcessesHouse } from '../support/processes-house.ts'
import { serverSettings } from '../support/server-process.ts'

/** On a machine that is busy a sweep may not have its turn in time; it runs again. */
function unlessBusy(error: unknown): void {
  if (!databaseUnavailable(error)) assert.fail(`a sweep failed beside its double: ${String(error)}`)
}

test('every sweep of four schedulers at once, two of them in processes of their own, does each thing once', async (t) => {
  const house = await openProcessesHouse(t)
  const env = { NOTIFICATION_DELIVERY: 'queue', HOLDS_PER_ACCOUNT: '20' }
  const server = await house.start('serve', env)
  // From now on: written and not yet done. The vendor is away, so that messages gather.
  await house.vendorIs({ fault: 'http-429' })
  const customer = await signIn({ ...house, url: server.url }, '+966551234567')
  const free = await house.bookFree(customer, server.url, 10)
  const paid = await offerWhere({ url: server.url, businesses: ['diriyah-padel'] }, ({ requiresPayment }) => requiresPayment)
  const { slots } = await slotsOf(server.url, paid)
  for (const { startsAt } of slots.filter((_, at) => at % 4 === 0).slice(2, 12)) {
    const held = await customer('POST', '/v1/bookings', { businessSlug: paid.slug, serviceId: paid.service.id, startsAt })
    assert.equal(held.status, 201)
  }
  assert.equal(await server.stop(), 0)
  await house.vendorIs(null)
  // Everything falls due in one moment: ten messages, ten holds.
  await house.database.run(sql`update notification set next_attempt_at = now() - interval '1 hour', lease_until = null`)
  await house.database.run(sql`update booking set expires_at = now() - interval '1 second' where status = 'held'`)
  await house.database.run(sql`update claim set held_until = now() - interval '1 second' where state = 'held'`)

  const config = readConfig({ ...serverSettings(house), ...env, LOG_LEVEL: 'silent' })
  const houses = [await assemble(config), await assemble(config)]
  t.after(async () => void (await Promise.all(houses.map((one) => one.close()))))
  await Promise.all([
    house.start('work', env),
    house.start('work', env),
    ...Array.from({ length: 3 }, () => houses.flatMap(({ sweeps }) => sweeps.map((sweep) => sweep.run())))
      .flat()
      .map((run) => run.catch(unlessBusy)),
  ])
  await until(async () => {
    for (const { sweeps } of houses) await Promise.all(sweeps.map((sweep) => sweep.run().catch(unlessBusy)))
    const open = await house.database.row<{ some: boolean }>(
      sql`select exists (select from notification where state = 'PENDING') or exists (select from booking where status = 'held') as some`,
    )
    return open?.some === false
  }, 20_000)

  const confirmations = (await house.texts()).filter(({ body }) => free.some(({ reference }) => body.includes(reference)))
  assert.equal(confirmations.length, free.length, 'each message once on the phone')
  const counts = await house.database.rows(
    sql`select action, count(*)::int as count, count(distinct subject_id)::int as subjects from audit_entry
        where action in ('booking.confirmed', 'booking.held', 'booking.expired') group by action order by action`,
  )
  assert.deepEqual(counts, [
    { action: 'booking.confirmed', count: 10, subjects: 10 },
    { action: 'booking.expired', count: 10, subjects: 10 },
    { action: 'booking.held', count: 10, subjects: 10 },
  ])
  assert.equal((await house.messages()).filter(({ state }) => state === 'SENT').length, 10)
})
