import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openAvailability } from '../server/availability/index.ts'
import { openCatalog } from '../server/catalog/index.ts'
import { openDatabase, sql } from '../server/database/index.ts'
import { testDatabase } from '../tests/support/postgres.ts'
import { loadDemoData } from './demo-data.ts'

test('the demonstration is there once, however often and at once it is loaded, and every service of it can be booked', async (t) => {
  const { url, drop } = await testDatabase()
  const database = openDatabase(
    { url, poolSize: 2, poolWaitMs: 5_000, statementTimeoutMs: 5_000, lockTimeoutMs: 5_000, idleInTransactionTimeoutMs: 5_000 },
    () => {},
  )
  t.after(async () => {
    await database.close()
    await drop()
  })
  const [first, second] = await Promise.all([loadDemoData({ databaseUrl: url }), loadDemoData({ databaseUrl: url })])
  assert.deepEqual(await loadDemoData({ databaseUrl: url }), first)
  assert.deepEqual(second, first)
  assert.deepEqual(first, {
    businesses: ['rawnaq-salon', 'waha-dental', 'diriyah-padel'],
    superuserPhone: '+966500000001',
    ownerPhone: '+966500000002',
  })
  assert.deepEqual(
    await database.row(
      sql`select (select count(*) from business) as businesses, (select count(*) from role_grant where role = 'platform_admin') as operators, (select count(*) from role_grant where role = 'owner') as owners`,
    ),
    { businesses: 3, operators: 1, owners: 1 },
  )

  const catalog = openCatalog({ database })
  const availability = openAvailability({ database, catalog })
  const services = await database.rows<{ businessSlug: string; serviceId: string; priceMinor: number }>(
    sql`select b.slug as business_slug, s.id as service_id, s.price_minor from service s join business b on b.id = s.business_id`,
  )
  assert.ok(
    services.some(({ priceMinor }) => priceMinor === 0),
    'one service costs nothing',
  )
  const today = Temporal.Now.plainDateISO('Asia/Riyadh')
  for (const which of services) {
    const offered = await catalog.offeredService(database, which)
    assert.ok(offered)
    // The clinic is closed on Fridays; everything else can be had tomorrow.
    const slots = await availability.findSlots(database, offered, { from: today, to: today.add({ days: 2 }) })
    assert.ok(slots.length >= 10, `${offered.service.name.en} has ${slots.length} times in three days`)
    assert.ok(slots.every(({ resourceIds }) => resourceIds.length > 0))
  }
})
