import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { assemble } from '../server/assembly.ts'
import type { House } from '../server/assembly.ts'
import { readConfig } from '../server/config.ts'
import type { Config } from '../server/config.ts'
import { checkDatabase, migrate } from '../server/database/index.ts'
import { loadDemoData } from './demo-data.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { turnLargeLog } from './files.ts'
import { greeting } from './greeting.ts'
import { enterHome, openHome, removeRunState, writeRunState } from './home.ts'
import { ownSecrets } from './own-secrets.ts'
import { freePort } from './ports.ts'
import { registerWebhook } from './register-webhook.ts'
import { startSimulators } from './simulators.ts'
import type { Simulators } from './simulators.ts'
import { tellVendors } from './tell-vendors.ts'
import { CannotStart } from './until-stopped.ts'
import type { Begin, GiveUp } from './until-stopped.ts'

/** Whoever tries the product comes from one address, this machine's: limits that tell addresses apart would only be in the way. */
const everyoneIsHere = { CODE_LIMIT_ADDRESS_PER_HOUR: '10000', CODE_LIMIT_UNUSED_PER_RANGE: '10000', CODE_PROOF_AFTER: '0' }

const LARGEST_LOG_BYTES = 20_000_000

/** The whole product on this machine: a database, vendors that are played, demo businesses, the server and its pages. */
export async function start(begin: Begin, giveUp: GiveUp): Promise<void> {
  const env = withoutBlanks(process.env)
  const home = openHome(env['THABIT_HOME'])
  await begin(
    () => enterHome(home),
    (leave) => leave(),
  )
  const log = join(home, 'server.log')
  turnLargeLog(log, LARGEST_LOG_BYTES)

  const databaseUrl =
    env['DATABASE_URL'] ??
    (
      await begin(
        () => startEmbeddedPostgres({ home, say: (line) => note(log, line), lost: giveUp }),
        (server) => server.stop(),
      )
    ).url
  if (env['DATABASE_URL'] !== undefined) await checkDatabase(databaseUrl)
  await migrate(databaseUrl)
  const simulators = await begin(
    () => simulatorsOnFreePort(home, env, giveUp),
    (running) => running.stop(),
  )
  const demo = await loadDemoData({ databaseUrl })

  const complete = {
    ...everyoneIsHere,
    LOG_FILE: log,
    ...ownSecrets(home),
    ...vendorsAt(simulators),
    ...env,
    DATABASE_URL: databaseUrl,
  }
  const { house, config } = await openHouse(begin, complete)
  const url = `http://localhost:${config.port}`
  if (config.moyasar.baseUrl === simulators.url) {
    const endpoint = `${url}/v1/webhooks/moyasar/${config.moyasar.webhookEndpointId}`
    await registerWebhook(config.moyasar, { url: endpoint, sharedSecret: config.moyasar.webhookSecrets[0] ?? '' })
  }
  await tellVendors(simulators.url, url, config)
  const state = { url, simulatorsUrl: simulators.url, pid: process.pid, ...demo }
  await begin(
    () => writeRunState(home, state),
    () => removeRunState(home),
  )
  house.log.info({ event: 'ready', url }, 'ready')
  for (const line of greeting(state)) console.log(line)
}

/** A port that was free a moment ago may be taken when we listen, by another clone that starts with us. */
async function openHouse(begin: Begin, env: Record<string, string>): Promise<{ house: House; config: Config }> {
  const except: number[] = []
  for (;;) {
    const port = await portFrom(env, 'PORT', 3000, except)
    const config = readConfig({ ...env, PORT: String(port) })
    const house = await begin(
      () => assemble(config),
      (built) => built.close(),
    )
    try {
      await house.listen()
      return { house, config }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || except.length === 5) throw error
      except.push(port)
    }
  }
}

async function simulatorsOnFreePort(home: string, env: Record<string, string>, giveUp: GiveUp): Promise<Simulators> {
  const except: number[] = []
  for (;;) {
    const port = await portFrom(env, 'SIMULATORS_PORT', 3100, except)
    try {
      return await startSimulators({ home, port, lost: giveUp })
    } catch (error) {
      if (!(error instanceof Error && /EADDRINUSE/.test(error.message)) || except.length === 5) throw error
      except.push(port)
    }
  }
}

/** The port that is wished for, or the next one nobody listens on. */
function portFrom(env: Record<string, string>, name: string, usual: number, except: readonly number[]): Promise<number> {
  const given = env[name] ?? String(usual)
  if (!/^\d{1,5}$/.test(given) || Number(given) > 65_535)
    throw new CannotStart([`${name} must be a whole number from 0 to 65535, not “${given}”.`])
  return freePort(Number(given), except)
}

function vendorsAt({ url, smtpUrl }: Simulators): Record<string, string> {
  return {
    MOYASAR_BASE_URL: url,
    UNIFONIC_BASE_URL: url,
    TAQNYAT_BASE_URL: url,
    TWILIO_BASE_URL: url,
    WHATSAPP_BASE_URL: `${url}/v23.0`,
    SMTP_URL: smtpUrl,
    SMTP_FROM: 'Thabit <bookings@thabit.test>',
    OTP_PROVIDER: 'unifonic',
    NOTIFICATION_PROVIDER: 'unifonic',
    // Used by the businesses that chose those channels; the others are told by SMS alone.
    NOTIFICATION_FALLBACKS: 'whatsapp,smtp',
  }
}

function withoutBlanks(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1].trim() !== ''))
}

function note(log: string, msg: string): void {
  appendFileSync(log, `${JSON.stringify({ level: 30, time: new Date().toISOString(), msg })}\n`)
}
