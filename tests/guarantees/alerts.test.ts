import assert from 'node:assert/strict'
import { after, test, type TestContext } from 'node:test'
import { sql } from '../../server/database/index.ts'
import { alertRules, type AlertName } from '../../server/operations/index.ts'
import { type AlertFault, alertFaults } from '../support/alert-faults.ts'
import { startWatchedHouse, type WatchedHouse } from '../support/watched-house.ts'

/** As often as the watch looks. */
const stepSeconds = 30
const stepsAtMost = 130
const found: string[] = []
after(() => console.log(['seconds from fault to alert (time of the watch, which looks every 30 s):', ...found].join('\n  ')))

/** Lets the fault happen and time pass, until its alert fires; how long that took. */
async function secondsToAlert(t: TestContext, house: WatchedHouse, name: string, fault: AlertFault): Promise<number> {
  await house.look()
  const end = await fault.happens(house)
  t.after(async () => {
    await end?.()
    await house.heal()
  })
  // It happens just after the watch looked: what follows is the longest that it takes.
  let passed = stepSeconds
  await house.pass(stepSeconds).catch(() => {})
  if (fault.leapSeconds !== undefined) {
    await house.pass(fault.leapSeconds)
    passed += fault.leapSeconds
    await fault.goesOn?.(house)
    assert.ok(!(await firing(house)).includes(name), 'not before its time')
  }
  for (let step = 0; step < stepsAtMost; step++) {
    await fault.goesOn?.(house)
    if ((await firing(house)).includes(name)) return passed
    await house.pass(stepSeconds).catch(() => {})
    passed += stepSeconds
  }
  return assert.fail(`${name} did not fire within ${passed} s; there are ${(await firing(house)).join(', ') || 'none'}`)
}

/** While the database is away there is no table to ask: what the operator was told then says it. */
async function firing(house: WatchedHouse): Promise<string[]> {
  const before = (await house.told()).length
  try {
    return await house.look()
  } catch {
    const texts = (await house.told()).slice(0, -before || undefined)
    return texts.some((text) => text.includes(alertRules['database_away']!.summary.en)) ? ['database_away'] : []
  }
}

const names = Object.keys(alertFaults) as AlertName[]

test('every alert has a fault that raises it', () => {
  assert.deepEqual(names.toSorted(), Object.keys(alertRules).toSorted())
})

const slackSeconds = 2 * stepSeconds
/** What the rule promises beside its `for`: ages it waits for, windows it needs. Everything else is seen at the next look. */
const promisedSeconds: Partial<Record<AlertName, number>> = {
  messages_late: 300,
  canary_late: 1_800,
  canary_undelivered: 3_600,
  money_open: 900,
  money_not_compared: 26 * 3_600,
  // A run may take a minute before it counts as stuck.
  worker_stuck: 180,
  // Codes count as unused two minutes after they went out.
  codes_pumped: 120,
}

async function raises(t: TestContext, house: WatchedHouse, name: AlertName): Promise<void> {
  const seconds = await secondsToAlert(t, house, name, alertFaults[name])
  found.push(`${name} (${alertRules[name]!.severity}): ${seconds}`)
  const limit = (promisedSeconds[name] ?? 0) + alertRules[name]!.forSeconds + slackSeconds
  assert.ok(seconds <= limit, `${name} took ${seconds} s, and ${limit} s are allowed`)
}

test('each fault raises its alert', async (t) => {
  const house = await startWatchedHouse(t, { TAQNYAT_WEBHOOK_ENDPOINT_ID: 'reports-of-this-test-0123' })
  await house.run('reconcile')
  for (const name of names) {
    if (alertFaults[name].house === undefined) await t.test(`${name} is raised by its fault`, (one) => raises(one, house, name))
  }
})

test('each fault of codes where few are allowed raises its alert', async (t) => {
  const house = await startWatchedHouse(t, { CODE_LIMIT_TOTAL_PER_HOUR: '30', CODE_LIMIT_UNUSED_PER_RANGE: '20' })
  await house.run('reconcile')
  for (const name of names) {
    if (alertFaults[name].house === 'few codes') await t.test(`${name} is raised by its fault`, (one) => raises(one, house, name))
  }
})

test('a healthy day raises nothing; one failure among forty pages nobody and is a ticket', async (t) => {
  const house = await startWatchedHouse(t)
  await house.run('reconcile')
  const seen = new Set<string>()
  const hour = async () => {
    for (let tenth = 0; tenth < 6; tenth++) {
      await house.pass(600)
      await house.run('send-canaries')
      await house.run('watch-invariants')
      for (const name of await house.look()) seen.add(name)
    }
  }
  for (let hours = 0; hours < 10; hours++) {
    await house.book(4, 2)
    await hour()
  }
  assert.deepEqual([...seen], [])
  assert.deepEqual(await house.told(), [])

  await house.play('PUT', '/faults', { provider: 'taqnyat', operation: 'send', fault: 'http-500', times: 1 })
  await house.book(1)
  for (let hours = 0; hours < 8; hours++) await hour()
  assert.ok(seen.has('messages_unattended'), [...seen].join())
  assert.deepEqual(
    [...seen].filter((name) => alertRules[name]!.severity === 'page'),
    [],
  )
  const { database } = house.product.house
  await database.run(sql`update notification set acknowledged_at = now(), acknowledged_reason = 'told by phone' where state = 'FAILED'`)
  await hour()
  assert.ok(!(await house.look()).includes('messages_unattended'))
})
