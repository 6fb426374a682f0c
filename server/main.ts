import { checkDatabase, isEmbeddedDatabase, migrate } from '#database'
import { assemble, type House } from './assembly.ts'
import { type Config, readConfig, SettingsError } from './config.ts'

const usage = `thabit serve              answer requests and run the sweeps
thabit work               run the sweeps alone, beside servers that answer
thabit migrate            bring the database to this version
thabit superuser PHONE    make a platform administrator`

/** Commands for those who run the house with a database and vendors of their own; \`npm start\` is for trying it. */
async function main([command, ...rest]: string[]): Promise<void> {
  switch (command ?? '') {
    case 'serve':
      return run(await assemble(await fit(readConfig())), async (house) => {
        console.log(`Thabit answers at ${(await house.listen()).url}`)
      })
    case 'work':
      return run(await assemble(await fit(readConfig())), async (house) => house.work())
    case 'migrate': {
      const done = await migrate(readConfig().database.url)
      return console.log(done.length === 0 ? 'The database is up to date.' : `Applied ${done.join(', ')}.`)
    }
    case 'superuser':
      return makeSuperuser(readConfig(), rest[0])
    default:
      console.error(usage)
      process.exitCode = 2
  }
}

/** Throws one plain sentence when the database is not one to run a house on. */
async function fit(config: Config): Promise<Config> {
  await checkDatabase(config.database.url)
  if (config.production && (await isEmbeddedDatabase(config.database.url))) {
    throw new Error(
      'DATABASE_URL leads to the embedded PostgreSQL, which is for trying and testing; in production set it to a server of your own.',
    )
  }
  return config
}

/** Runs until told to stop; then what is under way is finished, within a bound. */
async function run(house: House, open: (house: House) => Promise<void>): Promise<void> {
  let closing = false
  const stop = (graceful: boolean) => {
    if (closing) return
    closing = true
    setTimeout(() => process.exit(1), 25_000).unref()
    const leave = graceful ? house.drain() : Promise.resolve()
    leave
      .then(() => house.close())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      )
  }
  process.on('SIGTERM', () => stop(true))
  // A person at a terminal has no balancer that must hear of it first.
  process.on('SIGINT', () => stop(false))
  await open(house)
}

async function makeSuperuser(config: Config, phone: string | undefined): Promise<void> {
  if (phone === undefined) throw new Error('Say which phone: npm run superuser -- 0551234567')
  const house = await assemble({ ...config, log: { ...config.log, level: 'silent' } })
  try {
    const made = await house.makeSuperuser(phone)
    console.log(
      `${made.phone} ${made.created ? 'is now' : 'was already'} a platform administrator. Sign in with a code at ${config.publicUrl}/ops`,
    )
  } finally {
    await house.close()
  }
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  for (const sentence of error instanceof SettingsError ? error.sentences : [error instanceof Error ? error.message : String(error)])
    console.error(sentence)
  process.exitCode = 1
}
