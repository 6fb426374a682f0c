import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openAvailability } from '../server/availability/index.ts'
import { openCatalog } from '../server/catalog/index.ts'
import { type Database, migrate, openDatabase, transaction } from '../server/database/index.ts'
import { type DemoBusiness, everyDay, open, publishDemo } from '../start/demo/demo-business.ts'
import { startEmbeddedPostgres } from '../start/embedded-postgres.ts'
import { startSimulators } from '../start/simulators.ts'
import { type CatalogService, json } from '../tests/support/customer.ts'

/** What a bench runs on: a PostgreSQL that waits for its disk, the vendors in a process of their own, one business that never closes. */
export interface BenchWorld {
  database: Database
  databaseUrl: string
  simulatorsUrl: string
  close(): Promise<void>
}

const chairs = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight']

const business: DemoBusiness = {
  slug: 'open-always',
  name: { ar: 'مفتوح دائمًا', en: 'Always Open' },
  description: { ar: 'للقياس فقط.', en: 'For measuring only.' },
  cancellation: [{ hoursBefore: 0, refundPercent: 100 }],
  branch: { name: { ar: 'الفرع', en: 'Branch' }, address: { ar: 'الرياض', en: 'Riyadh' } },
  hours: [open(everyDay, 0, 24)],
  resources: Object.fromEntries(chairs.map((key) => [key, { kind: 'staff' as const, name: { ar: key, en: key } }])),
  services: [
    {
      name: { ar: 'زيارة', en: 'Visit' },
      description: { ar: 'بلا رسوم.', en: 'Free.' },
      durationMinutes: 15,
      stepMinutes: 15,
      priceMinor: 0,
      needs: [{ choosable: true, of: chairs }],
    },
  ],
}

/** `databaseUrl`: a migrated database that is there already, for those who do not measure the disk. */
export async function openBenchWorld(given: { databaseUrl?: string } = {}): Promise<BenchWorld> {
  // Under root, PostgreSQL is another user: the folder is open to pass through.
  const home = mkdtempSync(join(tmpdir(), 'thabit-bench-'))
  chmodSync(home, 0o711)
  const vendors = join(home, 'vendors')
  mkdirSync(vendors)
  const postgres = given.databaseUrl === undefined ? await startEmbeddedPostgres({ home }) : undefined
  const databaseUrl = given.databaseUrl ?? postgres?.url ?? ''
  if (postgres) await migrate(databaseUrl)
  const lost = (sentence: string) => console.error(sentence)
  const simulators = await startSimulators({ home: vendors, port: 0, lost })
  const waits = { poolWaitMs: 10_000, statementTimeoutMs: 30_000, lockTimeoutMs: 10_000, idleInTransactionTimeoutMs: 10_000 }
  const database = openDatabase({ url: databaseUrl, poolSize: 2, ...waits }, () => {})
  const catalog = openCatalog({ database })
  const availability = openAvailability({ database, catalog })
  await transaction(database, (tx) => publishDemo(tx, { catalog, availability }, business))
  return {
    database,
    databaseUrl,
    simulatorsUrl: simulators.url,
    async close() {
      await database.close()
      await simulators.stop()
      await postgres?.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** Times nobody has, one after another: for the nth wish a chair and a quarter of an hour, from the day after tomorrow on. */
export async function openTimes(
  url: string,
): Promise<() => { businessSlug: string; serviceId: string; resourceId: string; startsAt: string }> {
  const { items } = await json<{ items: CatalogService[] }>(`${url}/v1/businesses/${business.slug}/services`)
  const [service] = items
  if (!service) throw new Error('The business of the bench sells nothing.')
  const firstMs = (Math.floor(Date.now() / 86_400_000) + 2) * 86_400_000
  let taken = 0
  return () => {
    const nth = taken++
    return {
      businessSlug: business.slug,
      serviceId: service.id,
      resourceId: service.resources[nth % chairs.length]?.id ?? '',
      startsAt: new Date(firstMs + Math.floor(nth / chairs.length) * 900_000).toISOString(),
    }
  }
}

/** Plans what the vendor of messages does from now on; null: it is well. */
export async function vendorIs(simulatorsUrl: string, fault: { fault: string; delayMs?: number } | null): Promise<void> {
  const answer = await fetch(`${simulatorsUrl}/faults`, {
    method: fault === null ? 'DELETE' : 'PUT',
    headers: { 'content-type': 'application/json' },
    ...(fault !== null && { body: JSON.stringify({ provider: 'taqnyat', operation: 'send', ...fault }) }),
  })
  if (!answer.ok) throw new Error(`The simulators answered ${answer.status}: ${await answer.text()}`)
}
