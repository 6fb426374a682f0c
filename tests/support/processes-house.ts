import { fileURLToPath } from 'node:url'
import { type Database, openDatabase, sql } from '../../server/database/index.ts'
import { startSimulators } from '../../simulators/index.ts'
import { loadDemoData } from '../../start/demo-data.ts'
import type { Api } from './api.ts'
import { offerWhere, slotsOf } from './customer.ts'
import { testDatabase } from './postgres.ts'
import { type ServerProcess, serverSettings, startServerProcess } from './server-process.ts'

type TestContext = { after(run: () => Promise<void>): void }

export interface SentText {
  to: string
  body: string
  receivedAt: string
}

/** One PostgreSQL and one set of vendors, for as many processes as a test likes. */
export interface ProcessesHouse {
  database: Database
  databaseUrl: string
  simulatorsUrl: string
  /** `trouble`: what comes upon it when the test says so, as `clock 3600000`. It ends with the test. */
  start(command: 'serve' | 'work', env?: Record<string, string>, trouble?: string): Promise<ServerProcess>
  /** What the vendor of messages does from now on; null: all vendors are well. */
  vendorIs(fault: { fault: string; times?: number; delayMs?: number } | null): Promise<void>
  texts(): Promise<SentText[]>
  /** By a process whose customer this is: free visits, one after another; each is a booking confirmed and told of. */
  bookFree(customer: Api, url: string, count: number): Promise<{ id: string; reference: string }[]>
  /** Promises the first booking's message to this many more people, none of whom has another, as if each had booked. */
  promiseToMany(count: number): Promise<void>
  /** Every message, with all its attempts in their order: `ok`, or what went wrong. */
  messages(): Promise<{ id: string; aboutId: string; state: string; reason: string | null; attempts: string[] }[]>
}

const troublePath = fileURLToPath(new URL('./process-trouble.ts', import.meta.url))

export async function openProcessesHouse(t: TestContext): Promise<ProcessesHouse> {
  const created = await testDatabase()
  const simulators = await startSimulators({ port: 0, keepMessages: 10_000 })
  await loadDemoData({ databaseUrl: created.url })
  const waits = { poolWaitMs: 10_000, statementTimeoutMs: 10_000, lockTimeoutMs: 10_000, idleInTransactionTimeoutMs: 10_000 }
  const database = openDatabase({ url: created.url, poolSize: 4, ...waits }, () => {})
  const running: ServerProcess[] = []
  t.after(async () => {
    await Promise.all(running.map((one) => one.kill()))
    await database.close()
    await simulators.close()
    await created.drop()
  })
  // One message for each change, so that what comes twice is seen.
  await database.run(
    sql`insert into messaging_choice (business_id, staff_told) select id, false from business on conflict (business_id) do update set staff_told = false`,
  )
  let taken = 0
  return {
    database,
    databaseUrl: created.url,
    simulatorsUrl: simulators.url,
    async start(command, env = {}, trouble) {
      const settings = { ...serverSettings({ databaseUrl: created.url, simulatorsUrl: simulators.url }), ...env }
      const process = await startServerProcess(
        command,
        trouble === undefined ? settings : { ...settings, THABIT_TROUBLE: trouble },
        trouble === undefined ? {} : { before: [troublePath] },
      )
      running.push(process)
      return process
    },
    async vendorIs(fault) {
      const answer = await fetch(`${simulators.url}/faults`, {
        method: fault === null ? 'DELETE' : 'PUT',
        headers: { 'content-type': 'application/json' },
        ...(fault !== null && { body: JSON.stringify({ provider: 'taqnyat', operation: 'send', ...fault }) }),
      })
      if (!answer.ok) throw new Error(`The simulators answered ${answer.status}.`)
    },
    texts: async () => (await (await fetch(`${simulators.url}/inbox.json`)).json()) as SentText[],
    async bookFree(customer, url, count) {
      const offer = await offerWhere({ url, businesses: ['rawnaq-salon'] }, ({ requiresPayment }) => !requiresPayment)
      const { slots } = await slotsOf(url, offer)
      const booked: { id: string; reference: string }[] = []
      for (let nth = 0; nth < count; nth++) {
        const startsAt = slots.at(-1 - taken++ * 2)?.startsAt
        const answer = await customer<{ id: string; reference: string; status: string }>('POST', '/v1/bookings', {
          businessSlug: offer.slug,
          serviceId: offer.service.id,
          startsAt,
        })
        if (answer.status !== 201) throw new Error(`Booking answered ${answer.status}: ${JSON.stringify(answer.body)}`)
        booked.push(answer.body)
      }
      return booked
    },
    async promiseToMany(count) {
      await database.run(sql`
        insert into notification (business_id, about_id, kind, version, channel, recipient, phone, locale, data, not_after)
        select business_id, about_id, kind, version, channel, '+96655' || lpad((nth * 10 + 5)::text, 7, '0'), '+96655' || lpad((nth * 10 + 5)::text, 7, '0'), locale, data, not_after
        from (select * from notification where kind = 'booking-confirmed' order by created_at limit 1) first, generate_series(1, ${count}) nth`)
    },
    messages: () =>
      database.rows(sql`
        select n.id, n.about_id, n.state, n.reason,
          coalesce((select array_agg(coalesce(a.error_type, a.result, 'open') order by a.started_at, a.id) from notification_attempt a where a.notification_id = n.id), '{}') as attempts
        from notification n order by n.created_at, n.id`),
  }
}
