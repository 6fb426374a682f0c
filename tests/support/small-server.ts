import { openDatabase } from '../../server/database/index.ts'
import { createLog, createMetrics } from '../../server/foundation/index.ts'
import { type Caller, createServer, type HttpNeeds, type Routes } from '../../server/http/index.ts'

type TestContext = { after: (run: () => Promise<void>) => void }

/** Who the tokens of a small server stand for. */
export const callers: Record<string, Caller> = {
  'token-of-one': { accountId: '00000000-0000-4000-8000-000000000001', sessionId: 's-1', roles: [] },
  'token-of-other': { accountId: '00000000-0000-4000-8000-000000000002', sessionId: 's-2', roles: [] },
  'token-of-operator': {
    accountId: '00000000-0000-4000-8000-000000000003',
    sessionId: 's-3',
    roles: [{ role: 'platform_admin', businessId: null }],
  },
}

/** What a server of the house needs, without the house; the database is one that nobody answers at, unless given. */
export function smallNeeds(t: TestContext, change: Partial<HttpNeeds> & { databaseUrl?: string } = {}): HttpNeeds {
  const { databaseUrl = 'postgres://nobody@127.0.0.1:1/none', ...rest } = change
  const database = openDatabase(
    {
      url: databaseUrl,
      poolSize: 10,
      poolWaitMs: 2_000,
      statementTimeoutMs: 3_000,
      lockTimeoutMs: 2_000,
      idleInTransactionTimeoutMs: 5_000,
    },
    () => {},
  )
  t.after(() => database.close())
  return {
    database,
    log: createLog({ level: 'silent' }),
    metrics: createMetrics(),
    authenticate: async (token) => callers[token] ?? null,
    trustedProxies: 0,
    secure: false,
    ...rest,
  }
}

/** The house's HTTP around routes of the test's own; ends with the test. */
export async function smallServer(t: TestContext, routes: Routes, needs = smallNeeds(t)) {
  const app = await createServer(needs, [routes])
  await app.ready()
  t.after(() => app.close())
  return app
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
