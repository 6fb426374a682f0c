import { createHash, randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { migrate, readMigrations } from '../../server/database/index.ts'
import { startEmbeddedPostgres } from '../../start/embedded-postgres.ts'

/** A database of the test's own, migrated and empty. */
export type TestDatabase = { url: string; drop: () => Promise<void> }

type TestContext = { after: (run: () => Promise<void>) => void }

/** Any number, the same in every test process: one makes the template, the others wait for it. */
const TEMPLATE_LOCK = 5_081_734

/** A fresh migrated database on every call; dropped after the test when the test's context is given. */
export async function testDatabase(t?: TestContext): Promise<TestDatabase> {
  return emptyDatabase(t, `TEMPLATE ${await migratedTemplate(await adminUrl())}`)
}

/** A database of the test's own without tables, with what follows CREATE DATABASE of the test's choosing. */
export async function emptyDatabase(t?: TestContext, options = ''): Promise<TestDatabase> {
  const admin = await adminUrl()
  const name = `test_${randomBytes(6).toString('hex')}`
  await asAdmin(admin, (client) => client.query(`CREATE DATABASE ${name} ${options}`))
  const drop = async (): Promise<void> => {
    await asAdmin(admin, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))
  }
  t?.after(drop)
  return { url: onDatabase(admin, name), drop }
}

/** Runs statements as the server's superuser. */
export async function asAdmin<T>(adminUrl: string, action: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: adminUrl, connectionTimeoutMillis: 20_000 })
  await client.connect()
  try {
    return await action(client)
  } finally {
    await client.end()
  }
}

let ownServer: Promise<string> | undefined

/** The server `npm test` started, or, for a file run by hand, one that lives as long as this process. */
export function adminUrl(): Promise<string> {
  const given = process.env['THABIT_TEST_DATABASE_URL']
  if (given !== undefined) return Promise.resolve(given)
  return (ownServer ??= startOwnServer())
}

// It ends with the process: a hook at the end of the file's tests would cut hooks that still drop their databases.
async function startOwnServer(): Promise<string> {
  const home = fileURLToPath(new URL('../../.thabit/test', import.meta.url))
  const server = await startEmbeddedPostgres({ home, durable: false })
  process.once('exit', server.letGo)
  return server.url
}

function onDatabase(adminUrl: string, name: string): string {
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  return url.href
}

let template: Promise<string> | undefined

function migratedTemplate(admin: string): Promise<string> {
  return (template ??= makeTemplate(admin))
}

async function makeTemplate(admin: string): Promise<string> {
  const hash = createHash('sha256')
  for (const { name, checksum } of await readMigrations()) hash.update(`${name} ${checksum}\n`)
  const name = `template_${hash.digest('hex').slice(0, 12)}`
  await asAdmin(admin, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK])
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name])
    if (rowCount === 1) return
    // Made under another name first: one that was killed half way must not pass for the template.
    await client.query(`DROP DATABASE IF EXISTS ${name}_new WITH (FORCE)`)
    await client.query(`CREATE DATABASE ${name}_new`)
    await migrate(onDatabase(admin, `${name}_new`))
    await client.query(`ALTER DATABASE ${name}_new RENAME TO ${name}`)
  })
  return name
}
