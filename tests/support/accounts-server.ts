import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { type Accounts, type CodeSettings, openAccounts, type OtpProvider } from '../../server/accounts/index.ts'
import { type Database, openDatabase } from '../../server/database/index.ts'
import { createAttempt, createSurfaced } from '../../server/external-calls/index.ts'
import { createLog, createMetrics, type Metrics, systemClock } from '../../server/foundation/index.ts'
import { createServer } from '../../server/http/index.ts'
import { testDatabase } from './postgres.ts'
import { weakenedDatabase } from './weakened-database.ts'

export interface AccountsServer {
  app: Awaited<ReturnType<typeof createServer>>
  accounts: Accounts
  /** The database itself, no guard taken out. */
  database: Database
  databaseUrl: string
  metrics: Metrics
  /** The texts that were sent, oldest first. */
  sent: { to: string; text: string }[]
  /** Asks for a code and reads it from the text; fails unless one was sent. */
  getCode(phone: string, address?: string): Promise<{ challengeId: string; code: string }>
  signIn(
    asked: {
      challengeId: string
      code: string
      name?: string
    },
    address?: string,
  ): Promise<{ status: number; body: Record<string, unknown>; cookie: string }>
  refresh(cookie: string): Promise<{ status: number; body: Record<string, unknown>; cookie: string }>
  me(accessToken: unknown): Promise<number>
  /** How often a code was compared: each comparison ends as one of two events. */
  comparisons(): Promise<number>
}

export interface AccountsServerOptions {
  codes?: Partial<CodeSettings>
  secure?: boolean
  trustedProxies?: number
  /** A database that another server of the test has: a second process of the same house. */
  databaseUrl?: string
  logFile?: string
  /** Takes a guard out of the statements that reach the database. */
  weaken?: (statement: string) => string
  sendCode?: OtpProvider['sendCode']
}

/** The accounts module behind the real HTTP server on a database of the test's own; the SMS vendor is a list. */
export async function openAccountsServer(t: TestContext, options: AccountsServerOptions = {}): Promise<AccountsServer> {
  const url = options.databaseUrl ?? (await testDatabase(t)).url
  const database = openDatabase(
    { url, poolSize: 20, poolWaitMs: 20_000, statementTimeoutMs: 10_000, lockTimeoutMs: 10_000, idleInTransactionTimeoutMs: 10_000 },
    () => {},
  )
  const weakened = options.weaken && weakenedDatabase(database, options.weaken)
  const metrics = createMetrics()
  const log = createLog({ level: options.logFile === undefined ? 'silent' : 'trace', file: options.logFile })
  const sent: AccountsServer['sent'] = []
  const accounts = openAccounts({
    database: weakened ?? database,
    clock: systemClock,
    log,
    metrics,
    surfaced: createSurfaced(createAttempt({ clock: systemClock, metrics })),
    otpProvider: {
      name: 'list',
      sendCode: async (message, signal) => {
        const answer = (await options.sendCode?.(message, signal)) ?? { providerMessageId: null }
        sent.push(message)
        return answer
      },
    },
    settings: {
      codes: {
        secrets: ['a-code-secret-of-this-test-only-0123456789'],
        countries: ['SA', 'AE'],
        perPhonePerDay: 1_000,
        perAddressPerHour: 1_000,
        totalPerHour: 1_000,
        proofAfter: 0,
        unusedPerPrefix: 1_000,
        pricePerPart: { SA: 11, '*': 75 },
        spendCapPerDay: 1_000_000,
        spendCapPerCountry: { '*': 1_000_000 },
        resendMs: 60_000,
        timeoutMs: 500,
        webOtpHost: undefined,
        ...options.codes,
      },
      sessions: { secret: 'a-token-secret-of-this-test-only-0123456789', accessMinutes: 10, days: 30 },
    },
    secure: options.secure ?? false,
    publicUrl: 'http://localhost:3000',
  })
  const app = await createServer(
    {
      database,
      log,
      metrics,
      authenticate: accounts.authenticate,
      trustedProxies: options.trustedProxies ?? 0,
      secure: options.secure ?? false,
    },
    [accounts.routes],
  )
  t.after(async () => {
    await app.close()
    if (weakened) assert.ok(weakened.weakenedStatements() > 0, 'The guard to be taken out was not found in any statement.')
    await database.close()
  })

  const answerOf = (answer: Awaited<ReturnType<typeof app.inject>>) => ({
    status: answer.statusCode,
    body: answer.json<Record<string, unknown>>(),
    cookie: String(answer.headers['set-cookie'] ?? '').split(';')[0] ?? '',
  })
  return {
    app,
    accounts,
    database,
    databaseUrl: url,
    metrics,
    sent,
    async getCode(phone, address = '127.0.0.1') {
      const answer = await app.inject({ method: 'POST', url: '/v1/auth/codes', payload: { phone }, remoteAddress: address })
      assert.equal(answer.statusCode, 201, answer.body)
      const code = /\d{6}/.exec(sent.at(-1)?.text ?? '')?.[0] ?? ''
      return { challengeId: answer.json<{ challengeId: string }>().challengeId, code }
    },
    signIn: async (asked, remoteAddress = '127.0.0.1') =>
      answerOf(await app.inject({ method: 'POST', url: '/v1/auth/sessions', payload: asked, remoteAddress })),
    refresh: async (cookie) => answerOf(await app.inject({ method: 'POST', url: '/v1/auth/sessions/refresh', headers: { cookie } })),
    me: async (accessToken) =>
      (await app.inject({ url: '/v1/me', headers: { authorization: `Bearer ${String(accessToken)}` } })).statusCode,
    async comparisons() {
      const { values } = await metrics.codes.get()
      return values
        .filter(({ labels }) => labels.event === 'wrong' || labels.event === 'verified')
        .reduce((sum, { value }) => sum + value, 0)
    },
  }
}

/** A code that is surely not `code`. */
export function wrongCode(code: string, nth = 1): string {
  return String((Number(code) + nth) % 1_000_000).padStart(6, '0')
}

export function times<T>(count: number, run: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => run(index)))
}
