import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import * as fc from 'fast-check'
import { timeRange } from '#foundation'
import { testDatabase } from '../../tests/support/postgres.ts'
import { openDatabase, sql } from './index.ts'

async function opened(t: TestContext) {
  const { url, drop } = await testDatabase()
  const database = openDatabase(
    { url, poolSize: 2, poolWaitMs: 2_000, statementTimeoutMs: 3_000, lockTimeoutMs: 2_000, idleInTransactionTimeoutMs: 5_000 },
    () => {},
  )
  t.after(async () => {
    await database.close()
    await drop()
  })
  return database
}

const instant = fc
  .bigInt({ min: -2_208_988_800_000_000n, max: 7_258_118_399_999_999n })
  .map((micros) => Temporal.Instant.fromEpochNanoseconds(micros * 1_000n))

test('instants and stretches of time come back as they went, to the microsecond', async (t) => {
  const database = await opened(t)
  await fc.assert(
    fc.asyncProperty(instant, fc.integer({ min: 1, max: 10_000_000 }), async (startsAt, seconds) => {
      const during = timeRange(startsAt, startsAt.add({ seconds }))
      const row = await database.row<{ at: Temporal.Instant; during: typeof during }>(
        sql`select ${startsAt}::timestamptz as at, ${during}::tstzrange as during`,
      )
      assert.ok(row!.at.equals(startsAt) && row!.during.startsAt.equals(startsAt) && row!.during.endsAt.equals(during.endsAt))
    }),
    { numRuns: 100 },
  )
})

test('a stretch without an end on both sides is not one of ours', async (t) => {
  const database = await opened(t)
  for (const range of ['[2026-01-01,)', 'empty', '(,2026-01-01)'])
    await assert.rejects(database.rows(sql`select ${range}::tstzrange`), RangeError)
})

test('counts are numbers while they can be, and an error past that', async (t) => {
  const database = await opened(t)
  assert.deepEqual(await database.row(sql`select ${Number.MAX_SAFE_INTEGER}::bigint as most, count(*) as none from business`), {
    most: Number.MAX_SAFE_INTEGER,
    none: 0,
  })
  await assert.rejects(database.rows(sql`select 9007199254740993::bigint`), /larger than we can count/)
})

test('objects travel as JSON, lists as arrays, dates as text, bytes as bytes', async (t) => {
  const database = await opened(t)
  const data = { zone: 'Asia/Riyadh', deep: { ar: 'ثابت', list: [1, null, 'x'] } }
  const row = await database.row(sql`
    select ${data}::jsonb as data, ${['a', 'b"', '{c}', 'د']}::text[] as words, ${'2026-02-28'}::date as day, ${new Uint8Array([0, 255])}::bytea as bytes, ${null}::text as nothing`)
  assert.deepEqual(row, { data, words: ['a', 'b"', '{c}', 'د'], day: '2026-02-28', bytes: Buffer.from([0, 255]), nothing: null })
})

test('columns are renamed to the house’s words, what is inside JSON is not', async (t) => {
  const database = await opened(t)
  assert.deepEqual(await database.row(sql`select 1 as starts_at, '{"snake_case": 1}'::jsonb as some_data, 2 as plain, 3 as line_2`), {
    startsAt: 1,
    someData: { snake_case: 1 },
    plain: 2,
    line2: 3,
  })
})

test('text that looks like SQL is only text', async (t) => {
  const database = await opened(t)
  for (const text of [`'; drop table business; --`, `$1`, `\\'`, `"`, `%_`, '\u202e'])
    assert.deepEqual(await database.row(sql`select ${text}::text as text`), { text })
})
