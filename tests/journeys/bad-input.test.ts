import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { test } from 'node:test'
import { allProblems } from '../../server/foundation/index.ts'
import { bookingOf, tokenSecret } from '../support/cast.ts'
import { type OpenApi, readContract } from '../support/fuzz/contract.ts'
import { allBookings, openProductStage, reportSettings } from '../support/fuzz/product-stage.ts'
import { fuzz } from '../support/fuzz/run.ts'
import { startProduct } from '../support/product.ts'

const seed = Number(process.env['FUZZ_SEED'] ?? randomInt(2 ** 31))
const requests = Number(process.env['FUZZ_REQUESTS'] ?? 5_000)

test('thousands of bad requests are refused as the contract says, and nothing is lost', async (t) => {
  t.diagnostic(`again: FUZZ_SEED=${seed} FUZZ_REQUESTS=${requests} npm test -- tests/journeys/bad-input.test.ts`)
  const product = await startProduct(t, {
    env: (simulatorsUrl) => ({
      TOKEN_SECRET: tokenSecret,
      CODE_RESEND_MS: '0',
      HOLDS_PER_ACCOUNT: '40',
      ...reportSettings,
      WHATSAPP_BASE_URL: `${simulatorsUrl}/v23.0`,
    }),
  })
  const contract = readContract((await (await fetch(`${product.url}/openapi.json`)).json()) as OpenApi)
  const stage = await openProductStage(product)
  const { bystander, customer, other } = stage.people
  const standing = () => Promise.all(stage.control.map(({ id }) => bookingOf<Record<string, unknown>>(product, bystander, id)))
  const before = await standing()

  const startedAt = Date.now()
  const report = await fuzz({ baseUrl: product.url, contract, problems: allProblems(), stage, seed, requests })
  const seconds = (Date.now() - startedAt) / 1000

  const reached = Object.values(report.operations).filter(({ good }) => good > 0).length
  t.diagnostic(
    `${report.sent} requests in ${seconds.toFixed(1)} s over real HTTP, ${report.refusalsDue} of them not of the contract; ${Object.keys(report.operations).length} of ${contract.operations.length} operations, ${reached} answered well at least once`,
  )
  t.diagnostic(
    `statuses: ${Object.entries(report.statuses)
      .map(([status, times]) => `${status} ×${times}`)
      .join(', ')}`,
  )
  for (const { sentence, times, example } of report.faults.slice(0, 40)) t.diagnostic(`FAULT ×${times} ${sentence}\n    ${example}`)
  assert.equal(report.faults.length, 0, 'Answers had faults; see above.')
  assert.ok(report.sent >= requests)
  assert.deepEqual(
    Object.entries(report.operations).filter(([, { good }]) => good === 0),
    [],
    'Every operation must be reached by some good request, or its bad ones prove little.',
  )

  assert.deepEqual(await standing(), before)
  assert.deepEqual(new Set(await allBookings(product, bystander)), new Set(stage.control.map(({ id }) => id)))
  for (const [actor, person] of [
    ['customer', customer],
    ['other', other],
  ] as const) {
    const kept = new Set(await allBookings(product, person))
    assert.deepEqual(
      (stage.made.get(actor) ?? []).filter((id) => !kept.has(id)),
      [],
      'A booking that was answered is lost.',
    )
  }
})
