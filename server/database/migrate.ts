import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { Client } from 'pg'

const folder = new URL('./migrations/', import.meta.url)
/** Any number, the same in every process: two migrators at once wait for each other. */
const migrationLock = 7_426_118

interface Migration {
  name: string
  text: string
  checksum: string
}

/** The migrations in their order, as written in `migrations/NNNN_name.sql`. */
export async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, folder), 'utf8')
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') }
    }),
  )
}

/** Brings a database to this version of the house, forward only, each migration in a transaction of its own. Returns the names applied now. */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const migrations = await readMigrations()
  const client = new Client({ connectionString: databaseUrl, application_name: 'thabit migrate', connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock])
    await client.query(
      'create table if not exists schema_migration (name text primary key, checksum text not null, applied_at timestamptz not null default now())',
    )
    const applied = new Map<string, string>(
      (await client.query('select name, checksum from schema_migration')).rows.map((row) => [row.name, row.checksum]),
    )
    const done: string[] = []
    for (const { name, text, checksum } of migrations) {
      const before = applied.get(name)
      if (before === checksum) continue
      if (before !== undefined) throw new Error(`The migration ${name} was changed after it was applied. Write a new one instead.`)
      await client.query('begin')
      try {
        await client.query("set local lock_timeout = '10s'")
        await client.query(text)
        await client.query('insert into schema_migration (name, checksum) values ($1, $2)', [name, checksum])
        await client.query('commit')
      } catch (error) {
        await client.query('rollback')
        throw new Error(`The migration ${name} failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
      }
      done.push(name)
    }
    return done
  } finally {
    await client.end()
  }
}
