import { Client } from 'pg'

/** The database cannot serve this house; the message is one plain sentence that says why and what to do. */
export class UnfitDatabase extends Error {
  override readonly name = 'UnfitDatabase'
}

/** What was found out about a database, for one judgement. */
export interface DatabaseFacts {
  /** As `server_version_num` gives it: 180004 is 18.4. */
  version: number
  readOnly: boolean
  encoding: string
  characterType: string
  user: string
  /** Of the extensions needed: here already or can be made; the server lacks its files; this user may not make it. */
  extensions: Record<string, 'usable' | 'absent' | 'forbidden'>
  /** Whether trigrams see Arabic letters; undefined when pg_trgm is not usable. */
  searchesArabic: boolean | undefined
}

const OLDEST = 180_000
const EXTENSIONS = ['btree_gist', 'pg_trgm']
const CONNECT_LIMIT_MS = 5_000

/** Throws UnfitDatabase when PostgreSQL cannot be reached, is too old, lacks an extension or cannot search Arabic. */
export async function checkDatabase(databaseUrl: string): Promise<void> {
  const client = await connect(databaseUrl)
  try {
    const complaint = judge(await gatherFacts(client))
    if (complaint !== undefined) throw new UnfitDatabase(complaint)
  } finally {
    await client.end()
  }
}

/** True when it is the PostgreSQL that `npm start` runs for trying the product. */
export async function isEmbeddedDatabase(databaseUrl: string): Promise<boolean> {
  const client = await connect(databaseUrl)
  try {
    const { rows } = await client.query<{ name: string }>("select current_setting('cluster_name') as name")
    return rows[0]?.name === 'thabit-embedded'
  } finally {
    await client.end()
  }
}

/** The first thing that makes a database unfit, as a sentence; undefined when it will do. */
export function judge(facts: DatabaseFacts): string | undefined {
  if (facts.version < OLDEST) {
    const [major, minor] = [Math.floor(facts.version / 10_000), facts.version % 10_000]
    return `DATABASE_URL leads to PostgreSQL ${major}.${minor}; Thabit needs PostgreSQL 18 or newer.`
  }
  if (facts.readOnly) return 'DATABASE_URL leads to a read-only PostgreSQL (a standby?); Thabit needs the one that can be written to.'
  if (facts.encoding !== 'UTF8') return `The database of DATABASE_URL is encoded as ${facts.encoding}; make one with ENCODING 'UTF8'.`
  for (const [name, state] of Object.entries(facts.extensions)) {
    if (state === 'absent')
      return `The PostgreSQL of DATABASE_URL does not have the extension ${name}; install its contrib package (postgresql-contrib).`
    if (state === 'forbidden')
      return `The extension ${name} is missing and the user ${facts.user} may not create it; let an administrator run CREATE EXTENSION ${name} in that database.`
  }
  if (facts.searchesArabic === false) {
    return `The database of DATABASE_URL has lc_ctype ${facts.characterType}, with which search finds no Arabic words; make one with LC_CTYPE 'C.UTF-8' (CREATE DATABASE … TEMPLATE template0 LC_CTYPE 'C.UTF-8').`
  }
  return undefined
}

async function gatherFacts(client: Client): Promise<DatabaseFacts> {
  const { rows } = await client.query<{ version: string; read_only: boolean; encoding: string; ctype: string; who: string }>(
    `select current_setting('server_version_num') as version, pg_is_in_recovery() or current_setting('default_transaction_read_only')::bool as read_only,
            pg_encoding_to_char(encoding) as encoding, datctype as ctype, current_user as who
     from pg_database where datname = current_database()`,
  )
  const found = rows[0]
  if (found === undefined) throw new UnfitDatabase('DATABASE_URL leads to a database that does not know itself.')
  const facts: DatabaseFacts = {
    version: Number(found.version),
    readOnly: found.read_only,
    encoding: found.encoding,
    characterType: found.ctype,
    user: found.who,
    extensions: {},
    searchesArabic: undefined,
  }
  if (facts.version < OLDEST || facts.readOnly) return facts
  // Tried for real and taken back: what a user may do depends on too much to be worked out.
  await client.query('begin')
  for (const name of EXTENSIONS) facts.extensions[name] = await tryExtension(client, name)
  if (facts.extensions['pg_trgm'] === 'usable') facts.searchesArabic = await searchesArabic(client)
  await client.query('rollback')
  return facts
}

async function tryExtension(client: Client, name: string): Promise<'usable' | 'absent' | 'forbidden'> {
  const { rowCount } = await client.query('select from pg_available_extensions where name = $1', [name])
  if (rowCount === 0) return 'absent'
  await client.query('savepoint try_extension')
  try {
    await client.query(`create extension if not exists ${name}`)
    return 'usable'
  } catch {
    await client.query('rollback to savepoint try_extension')
    return 'forbidden'
  }
}

/** Asks for what the product needs rather than for the locale's name: with lc_ctype C no Arabic letter makes a trigram. */
async function searchesArabic(client: Client): Promise<boolean> {
  const place = await client.query<{ schema: string }>(
    "select extnamespace::regnamespace::text as schema from pg_extension where extname = 'pg_trgm'",
  )
  const { rows } = await client.query<{ found: boolean }>(
    `select ${place.rows[0]?.schema ?? 'public'}.similarity('محمد العتيبي', 'محمد عتيبي') > 0.3 as found`,
  )
  return rows[0]?.found === true
}

async function connect(databaseUrl: string): Promise<Client> {
  if (!/^postgres(ql)?:\/\/[^/]/.test(databaseUrl) || !URL.canParse(databaseUrl)) {
    throw new UnfitDatabase('DATABASE_URL must look like postgres://user:password@host:5432/database.')
  }
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_LIMIT_MS, application_name: 'thabit check' })
  // A connection cut between two questions is told by the next question.
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (error) {
    await client.end().catch(() => {})
    throw new UnfitDatabase(whyNotConnected(databaseUrl, error), { cause: error })
  }
}

function whyNotConnected(databaseUrl: string, error: unknown): string {
  const { hostname, port, username, pathname } = new URL(databaseUrl)
  const [place, user] = [`${hostname}:${port || '5432'}`, decodeURIComponent(username) || 'no user']
  const code = codeOf(error)
  if (code === '28P01' || code === '28000') return `The PostgreSQL at ${place} refuses the user ${user} of DATABASE_URL or its password.`
  if (code === '3D000')
    return `The PostgreSQL at ${place} has no database named ${decodeURIComponent(pathname.slice(1))}; create it or correct DATABASE_URL.`
  if (code === '53300') return `The PostgreSQL at ${place} has no connection left for us.`
  if (code === '57P03') return `The PostgreSQL at ${place} is just starting or stopping; try again in a moment.`
  if (/^(E[A-Z]+|timeout)$/.test(code)) return `No PostgreSQL answers at ${place}, where DATABASE_URL leads (${code}).`
  return `The PostgreSQL of DATABASE_URL at ${place} cannot be used: ${error instanceof Error ? error.message.replaceAll('\n', ' ') : 'no reason given'}.`
}

/** PostgreSQL's or the system's code; a name with two addresses fails with one error for both. */
function codeOf(error: unknown): string {
  const first = error instanceof AggregateError ? error.errors[0] : error
  if (!(first instanceof Error)) return ''
  if (/timeout expired|terminated due to connection timeout/.test(first.message)) return 'timeout'
  return 'code' in first && typeof first.code === 'string' ? first.code : ''
}
