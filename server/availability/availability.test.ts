import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { type Catalog, type OfferedService, openCatalog } from '#catalog'
import { type Database, openDatabase, sql, transaction } from '#database'
import { createLog, createMetrics } from '#foundation'
import { createServer } from '#http'
import { testDatabase } from '../../tests/support/postgres.ts'
import { type Availability, openAvailability } from './index.ts'

const zone = 'Asia/Riyadh'
const name = { ar: 'اسم', en: 'Name' }
const everyDay = [1, 2, 3, 4, 5, 6, 7]
/** Far enough from now for any hour of it to be bookable. */
const day = Temporal.Now.plainDateISO(zone).add({ days: 3 })
const at = (time: string, days = 0) => day.add({ days }).toZonedDateTime({ timeZone: zone, plainTime: time }).toInstant()

let url: string
let database: Database
let catalog: Catalog
let availability: Availability
let close: () => Promise<void>
/** Courts open 16:00 to 02:00, and a clinic where two doctors share one room. */
let courts: { offered: OfferedService; slug: string; resources: string[]; whose: { businessId: string; branchId: string } }
let clinic: typeof courts

before(async () => {
  const { url: databaseUrl, drop } = await testDatabase()
  database = openDatabase(
    {
      url: databaseUrl,
      poolSize: 8,
      poolWaitMs: 2_000,
      statementTimeoutMs: 3_000,
      lockTimeoutMs: 2_000,
      idleInTransactionTimeoutMs: 5_000,
    },
    () => {},
  )
  catalog = openCatalog({ database })
  availability = openAvailability({ database, catalog })
  const needs = {
    database,
    log: createLog({ level: 'silent' }),
    metrics: createMetrics(),
    authenticate: async () => null,
    trustedProxies: 0,
    secure: false,
  }
  const app = await createServer(needs, [availability.routes])
  url = await app.listen({ port: 0, host: '127.0.0.1' })
  close = async () => {
    await app.close()
    await database.close()
    await drop()
  }
  courts = await publish('courts', { startMinute: 960, lengthMinutes: 600 }, ['court', 'court'], [[0, 1]], {})
  clinic = await publish('clinic', { startMinute: 540, lengthMinutes: 180 }, ['staff', 'staff', 'room'], [[0, 1], [2]], {
    bufferAfterMinutes: 10,
  })
})
after(() => close())

function publish(
  slug: string,
  hours: { startMinute: number; lengthMinutes: number },
  kinds: ('court' | 'staff' | 'room')[],
  needs: number[][],
  shape: { bufferAfterMinutes?: number },
) {
  return transaction(database, async (tx) => {
    const businessId = (await catalog.publishBusiness(tx, { slug, name, description: name, currency: 'SAR', cancellation: [] }))!
    const branchId = await catalog.publishBranch(tx, { businessId, name, zone, address: name })
    const whose = { businessId, branchId }
    await availability.setWeeklyHours(tx, whose, [{ kind: 'open', weekdays: everyDay, ...hours }])
    const resources: string[] = []
    for (const [position, kind] of kinds.entries()) resources.push(await catalog.publishResource(tx, { ...whose, kind, name, position }))
    const serviceId = await catalog.publishService(tx, {
      ...whose,
      name,
      description: name,
      durationMinutes: 60,
      bufferBeforeMinutes: 0,
      bufferAfterMinutes: 0,
      stepMinutes: 30,
      noticeMinutes: 60,
      horizonDays: 14,
      priceMinor: 100,
      position: 0,
      requirements: needs.map((of, position) => ({ choosable: position === 0, resourceIds: of.map((each) => resources[each]!) })),
      ...shape,
    })
    const offered = (await catalog.offeredService(tx, { businessSlug: slug, serviceId }))!
    return { offered, slug, resources, whose }
  })
}

async function slots(of: typeof courts, query: Record<string, string> = {}) {
  const asked = new URLSearchParams({ serviceId: of.offered.service.id, from: day.toString(), to: day.toString(), ...query })
  const answer = await fetch(`${url}/v1/businesses/${of.slug}/slots?${asked.toString()}`)
  const body = (await answer.json()) as {
    code?: string
    zone: string
    slots: { startsAt: string; endsAt: string; resourceIds: string[] }[]
  }
  const times = body.slots?.map(({ startsAt }) =>
    Temporal.Instant.from(startsAt).toZonedDateTimeISO(zone).toPlainTime().toString({ smallestUnit: 'minute' }),
  )
  return { status: answer.status, body, times }
}

const take = (
  of: typeof courts,
  startsAt: Temporal.Instant,
  resourceIds: string[],
  heldUntil: Temporal.Instant | null = null,
  holderId: string = randomUUID(),
) =>
  transaction(database, (tx) =>
    availability.claim(tx, {
      businessId: of.whose.businessId,
      holderId,
      resourceIds,
      during: availability.claimRange(of.offered, startsAt),
      heldUntil,
    }),
  )
const giveBack = (of: typeof courts, holderId: string) =>
  transaction(database, (tx) => availability.release(tx, of.whose.businessId, holderId))

test('a date shows what starts on it: the end of last night’s opening and the beginning of tonight’s', async () => {
  const { status, body, times } = await slots(courts)
  assert.equal(status, 200)
  assert.equal(body.zone, zone)
  assert.deepEqual(times, [
    '00:00',
    '00:30',
    '01:00',
    ...Array.from({ length: 16 }, (_, half) => `${16 + Math.floor(half / 2)}:${half % 2 ? '30' : '00'}`),
  ])
  assert.deepEqual(body.slots[0], { startsAt: at('00:00').toString(), endsAt: at('01:00').toString(), resourceIds: courts.resources })
})

test('what is claimed is not shown, and shown again when it is given back', async () => {
  const holderId = randomUUID()
  const [first, second] = courts.resources as [string, string]
  assert.ok(await take(courts, at('20:00'), [first], null, holderId))
  const taken = (await slots(courts)).body.slots.find(({ startsAt }) => startsAt === at('20:30').toString())
  assert.deepEqual(taken?.resourceIds, [second])
  assert.ok(!(await slots(courts, { resourceId: first })).times.includes('20:30'))
  const own = await availability.findSlots(database, courts.offered, { from: day, to: day, resourceId: first, ignoreHolderId: holderId })
  assert.ok(
    own.some(({ startsAt }) => startsAt.equals(at('20:30'))),
    'what one holds oneself counts as free when it is about to be moved',
  )
  await giveBack(courts, holderId)
  assert.ok((await slots(courts, { resourceId: first })).times.includes('20:30'))
})

test('a hold that ran out is free at once, though nobody swept it', async () => {
  const [first] = courts.resources as [string]
  const holderId = randomUUID()
  const startsAt = at('21:00')
  await take(courts, startsAt, [first], Temporal.Now.instant().add({ seconds: 60 }), holderId)
  assert.ok(!(await slots(courts, { resourceId: first })).times.includes('21:00'))
  await database.run(sql`update claim set held_until = now() where holder_id = ${holderId}`)
  assert.ok((await slots(courts, { resourceId: first })).times.includes('21:00'))

  assert.equal(await take(courts, startsAt, [first]), false, 'the constraint still counts it')
  await transaction(database, async (tx) => {
    const during = availability.claimRange(courts.offered, startsAt)
    assert.deepEqual(await availability.lapsedHolders(tx, courts.whose.businessId, courts.resources, during), [holderId])
    assert.equal(await availability.release(tx, courts.whose.businessId, holderId), 1)
    assert.ok(
      await availability.claim(tx, {
        businessId: courts.whose.businessId,
        holderId: randomUUID(),
        resourceIds: [first],
        during,
        heldUntil: null,
      }),
    )
  })
})

test('a service that needs a doctor and a room is free only when both are, and the buffer keeps the room', async () => {
  const [doctor, colleague, room] = clinic.resources as [string, string, string]
  const holderId = randomUUID()
  assert.deepEqual((await slots(clinic)).times, ['09:00', '09:30', '10:00', '10:30', '11:00'])
  assert.ok(await take(clinic, at('09:00'), [doctor, room], null, holderId))
  assert.deepEqual((await slots(clinic)).times, ['10:30', '11:00'], 'the room is cleaned until 10:10')
  assert.equal(await take(clinic, at('09:30'), [colleague, room]), false)
  assert.equal(
    (await database.rows(sql`select from claim where resource_id = ${colleague}`)).length,
    0,
    'nothing is kept of a claim that got only a part',
  )
  await giveBack(clinic, holderId)
})

test('anyone is whoever is least busy on that business day, which runs past midnight', async () => {
  const [first, second] = courts.resources as [string, string]
  const late = at('00:30', 5)
  assert.deepEqual(await availability.candidates(database, courts.offered, late), [[first], [second]])
  const holderId = randomUUID()
  assert.ok(await take(courts, at('18:00', 4), [first], null, holderId))
  assert.deepEqual(
    await availability.candidates(database, courts.offered, late),
    [[second], [first]],
    'the evening before is the same business day',
  )
  assert.deepEqual(await availability.candidates(database, courts.offered, at('18:00', 5)), [[first], [second]])
  assert.deepEqual(await availability.candidates(database, courts.offered, late, first), [[first]])
  assert.deepEqual(await availability.candidates(database, courts.offered, at('18:30', 4)), [[second]])
  assert.deepEqual(await availability.candidates(database, courts.offered, at('18:30', 4), undefined, holderId), [[first], [second]])
  assert.deepEqual(await availability.candidates(database, clinic.offered, at('09:00', 5)), [
    [clinic.resources[0], clinic.resources[2]],
    [clinic.resources[1], clinic.resources[2]],
  ])
})

test('a start is offered on the grid, inside opening hours, notice and horizon, whoever holds it', async () => {
  const isOffered = (startsAt: Temporal.Instant, resourceId?: string) =>
    availability.isOffered(database, courts.offered, startsAt, resourceId)
  await take(courts, at('23:00'), courts.resources)
  assert.ok(await isOffered(at('23:00')))
  assert.ok(await isOffered(at('01:00')))
  assert.ok(await isOffered(at('23:00'), courts.resources[0]))
  const refused = [
    at('23:10'),
    at('01:30'),
    at('15:30'),
    at('23:00').add({ seconds: 1 }),
    at('23:00', 12),
    at('23:00', -4),
    Temporal.Instant.from('0001-01-01T00:00:00Z'),
    Temporal.Instant.from('+200000-01-01T00:00:00Z'),
  ]
  for (const startsAt of refused) assert.equal(await isOffered(startsAt), false, startsAt.toString())
  assert.equal(await isOffered(at('22:00'), clinic.resources[0]), false)
  assert.ok(await isOffered(at('22:00', 11)), 'the last day of the horizon counts whole')
})

test('the nearest free times are offered, in order', async () => {
  await take(courts, at('20:00', 8), courts.resources)
  const found = await availability.nearest(database, courts.offered, at('20:00', 8), { count: 3 })
  assert.deepEqual(
    found.map(({ startsAt }) => startsAt.toString()),
    [at('18:30', 8), at('19:00', 8), at('21:00', 8)].map(String),
  )
})

test('special days and closures count from the moment they are written', async () => {
  const off = day.add({ days: 9 })
  await transaction(database, async (tx) => {
    await availability.setSpecialDay(tx, clinic.whose, { date: off, hours: [{ startMinute: 600, lengthMinutes: 60 }], reason: name })
    await availability.addClosure(
      tx,
      { ...clinic.whose, resourceId: clinic.resources[0]! },
      { during: { startsAt: at('10:00', 10), endsAt: at('12:00', 10) }, reason: name },
    )
  })
  assert.deepEqual((await slots(clinic, { from: off.toString(), to: off.toString() })).times, ['10:00'])
  const next = off.add({ days: 1 }).toString()
  const free = (await slots(clinic, { from: next, to: next })).body.slots.map(({ resourceIds }) => resourceIds.length)
  assert.deepEqual(free, [2, 1, 1, 1, 1])
})

test('claims of a holder are told, and when it has none any more, what it had last', async () => {
  const holderId = randomUUID()
  const { businessId } = clinic.whose
  const [doctor, , room] = clinic.resources as [string, string, string]
  const told = async () =>
    (
      await availability.claimsOf(database, [
        { businessId, holderId },
        { businessId, holderId: randomUUID() },
      ])
    ).get(holderId)
  assert.equal(await told(), undefined)
  await take(clinic, at('09:00', 2), [doctor, room], Temporal.Now.instant().add({ minutes: 5 }), holderId)
  assert.equal(await transaction(database, (tx) => availability.book(tx, businessId, holderId)), 2)
  await giveBack(clinic, holderId)
  await take(clinic, at('11:00', 2), [doctor, room], null, holderId)
  for (let released = 0; released < 2; released += 1) {
    const { resourceIds, during } = (await told())!
    assert.deepEqual(
      [resourceIds, during.startsAt.toString(), during.endsAt.toString()],
      [[doctor, room].sort(), at('11:00', 2).toString(), at('12:10', 2).toString()],
    )
    assert.equal(await giveBack(clinic, holderId), released === 0 ? 2 : 0)
  }
})

test('what cannot be asked is refused with a problem, never with a failure of ours', async () => {
  const plus = (days: number) => day.add({ days }).toString()
  const cases: [Record<string, string>, number, string][] = [
    [{ to: plus(30) }, 200, ''],
    [{ to: plus(31) }, 400, 'invalid_request'],
    [{ to: plus(-1) }, 400, 'invalid_request'],
    [{ from: '2026-02-30' }, 400, 'invalid_request'],
    [{ from: 'today' }, 400, 'invalid_request'],
    [{ page: '2' }, 400, 'invalid_request'],
    [{ serviceId: 'x' }, 400, 'invalid_request'],
    [{ serviceId: randomUUID() }, 404, 'not_found'],
    [{ branchId: randomUUID() }, 404, 'not_found'],
    [{ resourceId: clinic.resources[0]! }, 404, 'not_found'],
    [{ from: '0000-01-01', to: '0000-01-02' }, 400, 'invalid_request'],
    [{ from: '1900-01-01', to: '1900-01-02' }, 200, ''],
    [{ from: '2199-12-30', to: '2199-12-31' }, 200, ''],
  ]
  for (const [query, status, code] of cases) {
    const answer = await slots(courts, query)
    assert.deepEqual([answer.status, answer.body.code ?? ''], [status, code], JSON.stringify(query))
  }
  assert.equal((await slots({ ...courts, slug: 'nowhere' })).status, 404)
  assert.equal((await slots(clinic, { resourceId: clinic.resources[2]! })).status, 404, 'a room is not the customer’s to choose')
})
