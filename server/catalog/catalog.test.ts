import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Database, openDatabase, transaction } from '#database'
import { createLog, createMetrics, type Text } from '#foundation'
import { createServer } from '#http'
import { testDatabase } from '../../tests/support/postgres.ts'
import { type Catalog, openCatalog } from './index.ts'

interface Listed {
  items: { slug: string; name: Text; zone: string; branches: unknown[] }[]
  nextCursor: string | null
}

let url: string
let catalog: Catalog
let database: Database
let close: () => Promise<void>

before(async () => {
  const { url: databaseUrl, drop } = await testDatabase()
  database = openDatabase(
    {
      url: databaseUrl,
      poolSize: 4,
      poolWaitMs: 2_000,
      statementTimeoutMs: 3_000,
      lockTimeoutMs: 2_000,
      idleInTransactionTimeoutMs: 5_000,
    },
    () => {},
  )
  catalog = openCatalog({ database })
  const needs = {
    database,
    log: createLog({ level: 'silent' }),
    metrics: createMetrics(),
    authenticate: async () => null,
    trustedProxies: 0,
    secure: false,
  }
  const app = await createServer(needs, [catalog.routes])
  url = await app.listen({ port: 0, host: '127.0.0.1' })
  close = async () => {
    await app.close()
    await database.close()
    await drop()
  }
  await publish('anaqa', { ar: 'صالون الأناقة', en: 'Al Anaqa Salon' })
  await publish('hayat', { ar: 'عيادات الحياة', en: 'Hayat Clinics' })
  await publish('mada', { ar: 'ملاعب مدى', en: 'Mada Courts' })
  await publish('noon', { ar: 'معهد نون ١٠٠٪', en: 'Noon Institute 100%' })
  await publish('wadi', { ar: 'شاليهات الوادي', en: 'Wadi Chalets' })
})
after(() => close())

const cancellation = [{ hoursBefore: 24, refundPercent: 100 }]
const nothing = { ar: '', en: '' }

function publish(slug: string, name: Text): Promise<{ businessId: string; branchId: string } | null> {
  return transaction(database, async (tx) => {
    const businessId = await catalog.publishBusiness(tx, { slug, name, description: nothing, currency: 'SAR', cancellation })
    if (businessId === null) return null
    const branchId = await catalog.publishBranch(tx, {
      businessId,
      name: { ar: 'الفرع', en: 'Branch' },
      zone: 'Asia/Riyadh',
      address: nothing,
    })
    return { businessId, branchId }
  })
}

async function get(path: string): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${url}${path}`)
  return { status: answer.status, body: await answer.json() }
}

async function refusal(path: string): Promise<[number, string]> {
  const { status, body } = await get(path)
  return [status, (body as { code: string }).code]
}

async function found(query: string): Promise<string[]> {
  const { status, body } = await get(`/v1/businesses?query=${encodeURIComponent(query)}`)
  assert.equal(status, 200)
  return (body as Listed).items.map(({ slug }) => slug)
}

test('a business is found by a part of its Arabic or English name', async () => {
  assert.deepEqual(await found('الوادي'), ['wadi'])
  assert.deepEqual(await found('clin'), ['hayat'])
  assert.deepEqual(await found('  MADA '), ['mada'])
  assert.deepEqual(await found('xyzzy'), [])
})

test('an Arabic name is found as people type it: without hamza, with ه for ة, with vowel marks, with tatweel', async () => {
  for (const written of ['الاناقه', 'الأنَاقة', 'الأنـــاقة', 'صالون الاناقة']) assert.deepEqual(await found(written), ['anaqa'], written)
})

test('a name with a letter wrong is found all the same', async () => {
  assert.deepEqual(await found('institutte'), ['noon'])
  assert.deepEqual(await found('عيادت'), ['hayat'])
})

test('the signs of SQL patterns are letters like others', async () => {
  assert.deepEqual(await found('100%'), ['noon'])
  assert.deepEqual(await found('%'), ['noon'])
  assert.deepEqual(await found('_'), [])
  assert.deepEqual(await found('\\'), [])
})

test('the list comes newest first in pages that neither repeat nor leave out', async () => {
  const seen: string[] = []
  let cursor: string | null = null
  do {
    const page = (await get(`/v1/businesses?limit=2${cursor ? `&cursor=${cursor}` : ''}`)).body as Listed
    seen.push(...page.items.map(({ slug }) => slug))
    cursor = page.nextCursor
  } while (cursor !== null && seen.length < 20)
  assert.deepEqual(seen, ['wadi', 'noon', 'mada', 'hayat', 'anaqa'])
})

test('a business is shown with its branches, its zone and what cancelling gives back; an unknown one is a 404', async () => {
  const { status, body } = await get('/v1/businesses/mada')
  assert.equal(status, 200)
  const { name, zone, branches, policy } = body as Listed['items'][number] & { policy: unknown }
  assert.deepEqual(
    [name, zone, branches.length, policy],
    [{ ar: 'ملاعب مدى', en: 'Mada Courts' }, 'Asia/Riyadh', 1, { cancellation, reschedule: { free: null, hoursBefore: 0 } }],
  )
  for (const path of ['/v1/businesses/nowhere', '/v1/businesses/nowhere/services']) {
    assert.deepEqual(await refusal(path), [404, 'not_found'])
  }
})

test('fields and cursors that are not ours are refused', async () => {
  for (const query of ['city=riyadh', 'limit=0', 'limit=many', 'cursor=abc', `query=${'x'.repeat(101)}`]) {
    assert.deepEqual(await refusal(`/v1/businesses?${query}`), [400, 'invalid_request'], query)
  }
})

test('a slug that is taken publishes nothing', async () => {
  assert.equal(await publish('mada', { ar: 'غيرها', en: 'Another' }), null)
  assert.deepEqual(await found('Another'), [])
})

test('services come in the business’s order with those to choose among; what takes no choice shows none', async () => {
  const made = await publish('tabib', { ar: 'عيادة طبيب', en: 'Tabib Clinic' })
  assert.ok(made)
  const { serviceId, doctors } = await transaction(database, async (tx) => {
    const person = (ar: string, en: string, position: number) =>
      catalog.publishResource(tx, { ...made, kind: 'staff', name: { ar, en }, position })
    const ids = [await person('د. هند', 'Dr Hind', 2), await person('د. علي', 'Dr Ali', 1)]
    const room = await catalog.publishResource(tx, { ...made, kind: 'room', name: { ar: 'غرفة', en: 'Room' }, position: 3 })
    const usual = {
      ...made,
      description: nothing,
      durationMinutes: 30,
      bufferBeforeMinutes: 0,
      bufferAfterMinutes: 0,
      stepMinutes: 30,
      noticeMinutes: 0,
      horizonDays: 30,
    }
    const visit = {
      ...usual,
      name: { ar: 'كشف', en: 'Visit' },
      priceMinor: 15_000,
      position: 0,
      requirements: [
        { choosable: true, resourceIds: ids },
        { choosable: false, resourceIds: [room] },
      ],
    }
    const id = await catalog.publishService(tx, visit)
    await catalog.publishService(tx, {
      ...usual,
      name: { ar: 'استشارة', en: 'Talk' },
      priceMinor: 0,
      position: 1,
      requirements: [{ choosable: false, resourceIds: [room] }],
    })
    return { serviceId: id, doctors: ids }
  })

  const { body } = await get('/v1/businesses/tabib/services?locale=ar')
  const { items } = body as { items: { name: Text; requiresPayment: boolean; price: unknown; resources: { id: string; name: Text }[] }[] }
  assert.deepEqual(
    items.map(({ name, requiresPayment, price, resources }) => [name.en, requiresPayment, price, resources.map((each) => each.name.en)]),
    [
      ['Visit', true, { amountMinor: 15_000, currency: 'SAR' }, ['Dr Ali', 'Dr Hind']],
      ['Talk', false, { amountMinor: 0, currency: 'SAR' }, []],
    ],
  )

  const offered = await catalog.offeredService(database, { businessSlug: 'tabib', serviceId })
  assert.deepEqual(
    offered?.service.requirements.map(({ choosable, resources }) => [choosable, resources.length]),
    [
      [true, 2],
      [false, 1],
    ],
  )
  assert.equal(await catalog.offeredService(database, { businessSlug: 'mada', serviceId }), null)
  assert.equal(await catalog.offeredService(database, { businessSlug: 'tabib', serviceId, branchId: made.businessId }), null)
  const names = (await catalog.describeServices(database, [serviceId])).get(serviceId)
  assert.deepEqual([names?.businessSlug, names?.serviceName.ar], ['tabib', 'كشف'])
  assert.equal((await catalog.describeResources(database, doctors)).size, 2)
})
