import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { identityOf } from '../../start/processes.mjs'
import { killNow, launch, newHome, postmasterOf, pressCtrlC, processesOf, ready, takePort } from '../support/launch.ts'
import { adminUrl, asAdmin, emptyDatabase } from '../support/postgres.ts'

const phone = '+966551230001'

async function status(url: string): Promise<number> {
  return (await fetch(url, { headers: { accept: 'text/html' } })).status
}

async function askForCode(url: string): Promise<void> {
  const body = JSON.stringify({ phone, locale: 'ar' })
  const response = await fetch(`${url}/v1/auth/codes`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
  })
  assert.equal(response.status, 201, await response.text())
}

async function inboxSize(simulatorsUrl: string): Promise<number> {
  return ((await (await fetch(`${simulatorsUrl}/inbox.json?to=${encodeURIComponent(phone)}`)).json()) as unknown[]).length
}

async function until(holds: () => Promise<boolean>, limitMs: number): Promise<void> {
  const deadline = Date.now() + limitMs
  while (!(await holds().catch(() => false))) {
    assert.ok(Date.now() < deadline, `not within ${limitMs} ms`)
    await pause(10)
  }
}

test('one command starts everything, says so in four lines, keeps the data, and Ctrl-C ends all of it', async (t) => {
  const home = newHome(t)
  const first = launch(home)
  const state = await ready(first)
  const lines = first.printed().out.trim().split('\n')
  assert.equal(lines.length, 4, first.printed().out)
  const [customers = '', phones = '', operator = '', stop = ''] = lines
  assert.ok(customers.includes(`${state.url}/b/${state.businesses[0]}`) && customers.includes('/en/b/'))
  assert.ok(phones.includes(state.simulatorsUrl))
  assert.ok(operator.includes(`${state.url}/ops`) && operator.includes(state.superuserPhone))
  assert.match(stop, /Ctrl-C/)
  assert.ok(state.businesses.length >= 3)
  assert.equal(await status(`${state.url}/b/${state.businesses[0]}`), 200)
  assert.equal(await status(`${state.url}/v1/businesses/${state.businesses[0]}`), 200)
  assert.equal(await status(`${state.url}/readyz`), 200)
  assert.equal(await status(`${state.simulatorsUrl}/`), 200)
  await askForCode(state.url)
  assert.equal(await inboxSize(state.simulatorsUrl), 1)

  const running = processesOf(home)
  assert.ok(running.includes(postmasterOf(home)) && running.length >= 3)
  const toldAt = Date.now()
  pressCtrlC(first)
  assert.equal(await first.exit, 0, first.printed().err)
  assert.ok(Date.now() - toldAt < 10_000)
  assert.deepEqual(processesOf(home), [])
  assert.deepEqual(
    running.filter((pid) => identityOf(pid) !== undefined),
    [],
  )
  assert.equal(existsSync(join(home, 'run.json')), false)
  assert.equal(first.printed().err, '')

  const second = launch(home)
  const again = await ready(second)
  assert.equal(await inboxSize(again.simulatorsUrl), 1)
  assert.equal((await webhooks(home, again.simulatorsUrl)).length, 1)
  second.child.kill('SIGTERM')
  assert.equal(await second.exit, 0)
  assert.deepEqual(processesOf(home), [])
})

async function webhooks(home: string, simulatorsUrl: string): Promise<{ url: string }[]> {
  const secrets = join(home, 'secrets.json')
  assert.equal(statSync(secrets).mode & 0o077, 0)
  const { MOYASAR_SECRET_KEY } = JSON.parse(readFileSync(secrets, 'utf8')) as { MOYASAR_SECRET_KEY: string }
  const authorization = `Basic ${Buffer.from(`${MOYASAR_SECRET_KEY}:`).toString('base64')}`
  const answer = (await (await fetch(`${simulatorsUrl}/v1/webhooks`, { headers: { authorization } })).json()) as {
    webhooks: { url: string }[]
  }
  return answer.webhooks
}

test('kill -9 of the server, of PostgreSQL or of both: what runs recovers, and the next start finds the data', async (t) => {
  const home = newHome(t)
  const first = launch(home)
  const state = await ready(first)
  await askForCode(state.url)

  const killed = postmasterOf(home)
  process.kill(killed, 'SIGKILL')
  const page = `${state.url}/v1/businesses/${state.businesses[0]}`
  await until(async () => postmasterOf(home) !== killed && (await status(page)) === 200, 15_000)

  const survivor = postmasterOf(home)
  await killNow(first)
  const second = launch(home)
  await ready(second)
  assert.equal(postmasterOf(home), survivor, 'the server that survived is used')

  await killNow(second)
  process.kill(postmasterOf(home), 'SIGKILL')
  const third = launch(home)
  const last = await ready(third)
  assert.equal(await status(`${last.url}/v1/businesses/${last.businesses[0]}`), 200)
  assert.equal(await inboxSize(last.simulatorsUrl), 1)
  pressCtrlC(third)
  assert.equal(await third.exit, 0)
  assert.deepEqual(processesOf(home), [])
})

test('with its ports taken it takes the next ones; a second start in the same home is told where the first is', async (t) => {
  const [home, port, simulatorsPort] = [newHome(t), await takePort(t), await takePort(t)]
  const env = { PORT: String(port), SIMULATORS_PORT: String(simulatorsPort) }
  const first = launch(home, env)
  const state = await ready(first)
  assert.ok(Number(new URL(state.url).port) > port)
  assert.ok(Number(new URL(state.simulatorsUrl).port) > simulatorsPort)

  const second = launch(home, env)
  assert.equal(await second.exit, 1)
  assert.equal(second.printed().out, '')
  assert.match(second.printed().err, new RegExp(`^Thabit already runs in ${home} at ${state.url} \\(process ${state.pid}\\);[^\\n]*\\n$`))

  const elsewhere = launch(newHome(t), env)
  const other = await ready(elsewhere)
  assert.notEqual(other.url, state.url)
  pressCtrlC(elsewhere)
  assert.equal(await elsewhere.exit, 0)
  assert.equal(await status(`${state.url}/readyz`), 200, 'the other one is untouched')
  pressCtrlC(first)
  assert.equal(await first.exit, 0)
})

test('simulators that end by themselves are started once more on the same port', async (t) => {
  const home = newHome(t)
  const running = launch(home)
  const state = await ready(running)
  const simulators = (): number[] =>
    processesOf(home).filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('simulators/main.ts'))
  const [before = 0] = simulators()
  process.kill(before, 'SIGKILL')
  await until(async () => (await status(`${state.simulatorsUrl}/`)) === 200, 10_000)
  const [after = 0] = simulators()
  assert.notEqual(after, before)
  process.kill(after, 'SIGKILL')
  assert.equal(await running.exit, 1)
  assert.match(running.printed().err, /^The simulators ended by themselves twice; [^\n]+\n$/)
  assert.deepEqual(processesOf(home), [])
})

test('npm, told to stop, stops only the shell between it and us: then we stop too', async (t) => {
  const home = newHome(t)
  const running = launch(home, { npm_lifecycle_event: 'start' }, 'in a shell')
  const { pid } = await ready(running)
  assert.notEqual(pid, running.child.pid)
  running.child.kill('SIGTERM')
  await until(async () => identityOf(pid) === undefined, 10_000)
  assert.deepEqual(processesOf(home), [])
})

test('Ctrl-C in the middle of a first start leaves nothing behind', async (t) => {
  const home = newHome(t)
  const begun = launch(home)
  await until(async () => existsSync(join(home, 'postgres', 'server')), 10_000)
  pressCtrlC(begun)
  assert.equal(await begun.exit, 0, begun.printed().err)
  assert.deepEqual(processesOf(home), [])
})

test('a database of one’s own is used, and left running', async (t) => {
  const home = newHome(t)
  const { url } = await emptyDatabase(t)
  const running = launch(home, { DATABASE_URL: url })
  const state = await ready(running)
  assert.equal(await status(`${state.url}/v1/businesses/${state.businesses[0]}`), 200)
  assert.equal(existsSync(join(home, 'postgres')), false)
  pressCtrlC(running)
  assert.equal(await running.exit, 0)
  await asAdmin(url, (client) => client.query('select 1'))
})

test('a database that will not do is refused in one sentence', async (t) => {
  const { url: withoutArabic } = await emptyDatabase(t, "TEMPLATE template0 LOCALE_PROVIDER libc LC_CTYPE 'C' LC_COLLATE 'C'")
  const wrongPassword = new URL(await adminUrl())
  wrongPassword.password = 'guess'
  const cases: [string, RegExp][] = [
    [`postgres://a:b@127.0.0.1:1/c`, /^No PostgreSQL answers at 127\.0\.0\.1:1, [^\n]+\n$/],
    [withoutArabic, /^The database of DATABASE_URL has lc_ctype C, [^\n]+\n$/],
    [wrongPassword.href, /^The PostgreSQL at [^\n]+ refuses the user thabit [^\n]+\n$/],
  ]
  await Promise.all(
    cases.map(async ([url, sentence]) => {
      const home = newHome(t)
      const refused = launch(home, { DATABASE_URL: url })
      assert.equal(await refused.exit, 1)
      assert.match(refused.printed().err, sentence)
      assert.equal(refused.printed().out, '')
      assert.deepEqual(processesOf(home), [])
    }),
  )
})
