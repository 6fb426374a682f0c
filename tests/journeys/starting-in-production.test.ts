import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../../start/ports.ts'
import { launch, newHome, processesOf } from '../support/launch.ts'
import { plainPostgres } from '../support/plain-postgres.ts'
import { emptyDatabase } from '../support/postgres.ts'

const random = (): string => randomBytes(32).toString('hex')

function rightSettings(databaseUrl: string): Record<string, string> {
  return {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PUBLIC_URL: 'https://booking.example.sa',
    DATABASE_URL: databaseUrl,
    TOKEN_SECRET: random(),
    CODE_SECRET: random(),
    MOYASAR_SECRET_KEY: `sk_live_${random().slice(0, 40)}`,
    MOYASAR_WEBHOOK_ENDPOINT_ID: random(),
    MOYASAR_WEBHOOK_SECRET: random(),
    OTP_PROVIDER: 'unifonic',
    UNIFONIC_OTP_APP_SID: random(),
    NOTIFICATION_PROVIDER: 'taqnyat',
    TAQNYAT_NOTIFICATION_TOKEN: random(),
    UNIFONIC_SENDER: 'Lamsa',
    TAQNYAT_SENDER: 'Lamsa',
  }
}

async function refusal(home: string, env: Record<string, string>): Promise<string[]> {
  const refused = launch(home, env)
  assert.equal(await refused.exit, 1)
  assert.equal(refused.printed().out, '')
  assert.deepEqual(processesOf(home), [])
  return refused.printed().err.trimEnd().split('\n')
}

test('production with nothing set starts nothing and names each thing that is missing', async (t) => {
  const home = newHome(t)
  const sentences = await refusal(home, { NODE_ENV: 'production' })
  for (const name of ['DATABASE_URL', 'TOKEN_SECRET', 'CODE_SECRET', 'MOYASAR_SECRET_KEY', 'OTP_PROVIDER', 'NOTIFICATION_PROVIDER']) {
    assert.equal(sentences.filter((sentence) => sentence.startsWith(`${name} is not set`)).length, 1, `${name}: ${sentences.join('\n')}`)
  }
  assert.equal(existsSync(join(home, 'postgres')), false)
})

test('production refuses simulators, the embedded PostgreSQL, a default secret and a test key, one sentence each', async (t) => {
  const home = newHome(t)
  const { url } = await emptyDatabase(t)
  const wrong: [Record<string, string>, RegExp][] = [
    [{ MOYASAR_BASE_URL: 'http://127.0.0.1:3100' }, /^MOYASAR_BASE_URL points at a simulator/],
    [{ UNIFONIC_BASE_URL: 'http://localhost:3100' }, /^UNIFONIC_BASE_URL points at a simulator/],
    [{ TOKEN_SECRET: `development-${random()}` }, /^TOKEN_SECRET is a default secret/],
    [{ MOYASAR_SECRET_KEY: `sk_test_${random().slice(0, 40)}` }, /^MOYASAR_SECRET_KEY is a test key/],
    [{}, /^DATABASE_URL leads to the embedded PostgreSQL/],
  ]
  const sentences = await refusal(home, Object.assign(rightSettings(url), ...wrong.map(([env]) => env)))
  assert.equal(sentences.length, wrong.length, sentences.join('\n'))
  for (const [, sentence] of wrong) assert.equal(sentences.filter((line) => sentence.test(line)).length, 1, String(sentence))
})

test('production with all settings right migrates, serves, writes no run state, and stops on SIGTERM', async (t) => {
  const home = newHome(t)
  const port = await freePort(0)
  const running = launch(home, { ...rightSettings(await plainPostgres(t, home)), PORT: String(port) })
  const answers = async (): Promise<boolean> => (await fetch(`http://127.0.0.1:${port}/readyz`)).status === 200
  const deadline = Date.now() + 20_000
  while (!(await answers().catch(() => false))) {
    assert.ok(Date.now() < deadline && running.child.exitCode === null, running.printed().err)
    await pause(50)
  }
  assert.equal(existsSync(join(home, 'run.json')), false)
  running.child.kill('SIGTERM')
  assert.equal(await running.exit, 0)
})
