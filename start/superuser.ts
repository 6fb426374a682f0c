// What `npm run superuser -- 0551234567` runs: on DATABASE_URL, or on the database of `npm start`, whether or not it runs now.
import { makeSuperuser } from '../server/accounts/index.ts'
import { migrate, openDatabase } from '../server/database/index.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { openHome } from './home.ts'
import { CannotStart, untilStopped } from './until-stopped.ts'

const patient = { poolSize: 1, poolWaitMs: 10_000, statementTimeoutMs: 10_000, lockTimeoutMs: 10_000, idleInTransactionTimeoutMs: 10_000 }

await untilStopped(async (begin) => {
  // A shell gives `00966 55 123 4567` as several words unless it is quoted.
  const written = process.argv.slice(2).join(' ').trim()
  if (written === '') throw new CannotStart(['Say whose phone: npm run superuser -- 0551234567'])
  const given = process.env['DATABASE_URL']?.trim()
  if (!given && process.env['NODE_ENV'] === 'production')
    throw new CannotStart(['DATABASE_URL is not set: in production there is no embedded PostgreSQL.'])
  const home = openHome(process.env['THABIT_HOME'])
  const url =
    given ||
    (
      await begin(
        () => startEmbeddedPostgres({ home }),
        (server) => server.stop(),
      )
    ).url
  await migrate(url)
  const database = await begin(
    () => openDatabase({ url, ...patient }, () => {}),
    (opened) => opened.close(),
  )
  const { phone, created } = await makeSuperuser(database, written)
  console.log(`${phone} ${created ? 'is now' : 'was already'} a platform administrator; sign in with a code at /ops.`)
  process.kill(process.pid, 'SIGTERM')
})
