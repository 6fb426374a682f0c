import { order } from './boundaries.ts'

type File = readonly [path: string, text: string]

export interface Planted {
  /** Each of these alone must be found… */
  found: File[]
  /** …and each of these must not be. */
  fine?: File[]
  /** Files that stand beside each of them. */
  around?: File[]
}

const lines = (count: number) => 'x()\n'.repeat(count)
const settle = 'server/payments/settle.ts'

/** For every rule, by its name, faults that it must find. */
export const planted: Record<string, Planted> = {
  'a module uses only the modules before it': {
    found: [
      [settle, `import { openBookings } from '#bookings'`],
      [settle, `import type { Booking } from '#bookings'`],
      [settle, `import {\n  one,\n  type Booking,\n} from\n  '#bookings'`],
      [settle, `export type { Booking } from '#bookings'`],
      [settle, `export * from '#operations'`],
      [settle, `const bookings = await import('#bookings')`],
      [settle, `let booking: import('#bookings').Booking`],
      [settle, `import { openPayments } from '#payments'`],
      [settle, `import { step } from '#payments/step.ts'`],
      ['server/foundation/money.ts', `import { sql } from '#database'`],
    ],
    fine: [
      [settle, `import { sql } from '#database'\n// import { x } from '#bookings'\nconst words = "from '#bookings'"`],
      ['server/assembly.ts', `import { openOperations } from '#operations'`],
    ],
  },
  'a module is entered by its door': {
    found: [
      [settle, `import { claimTime } from '../availability/claim.ts'`],
      [settle, `import { sql } from '../database/index.ts'`],
      [settle, `export { claimTime } from '../../server/availability/claim.ts'`],
      ['server/assembly.ts', `import { book } from './bookings/book.ts'`],
      ['start/demo-data.ts', `import { insertBusiness } from '../server/catalog/queries.ts'`],
    ],
    fine: [
      [settle, `import { step } from './step.ts'`],
      ['start/demo-data.ts', `import { openCatalog } from '../server/catalog/index.ts'`],
    ],
  },
  'a module knows neither the assembly nor the settings': {
    found: [
      [settle, `import type { Config } from '../config.ts'`],
      [settle, `import { assemble } from '../assembly.ts'`],
    ],
    fine: [['server/assembly.ts', `import type { Config } from './config.ts'`]],
  },
  'only the assembly picks providers': {
    found: [
      [settle, `import { moyasar } from '../providers/moyasar/index.ts'`],
      ['start/main.ts', `import type { Moyasar } from '../server/providers/moyasar/index.ts'`],
    ],
    fine: [['server/assembly.ts', `import { moyasar } from './providers/moyasar/index.ts'`]],
  },
  'a provider uses words and calls of the house, and only the types of its modules': {
    found: [
      ['server/providers/moyasar/index.ts', `import { sql } from '#database'`],
      ['server/providers/moyasar/index.ts', `import { type Page, settle } from '#payments'`],
      ['server/providers/moyasar/index.ts', `import { step } from '../../payments/step.ts'`],
      ['server/providers/chosen-vendors.ts', `import { readConfig } from '../config.ts'`],
    ],
    fine: [
      [
        'server/providers/moyasar/index.ts',
        `import type { PaymentGateway } from '#payments'\nimport { CallFailure } from '#external-calls'\nimport { exchange } from '../http-exchange.ts'`,
      ],
    ],
  },
  'the server imports nothing that stands around it': {
    found: [
      ['server/assembly.ts', `import { startSimulators } from '../simulators/index.ts'`],
      [settle, `import { answer } from '../../tests/support/answers.ts'`],
    ],
    fine: [['server/payments/settle.test.ts', `import { testDatabase } from '../../tests/support/postgres.ts'`]],
  },
  'web, simulators and sdk never import the server': {
    found: [
      ['web/src/pages.tsx', `import type { Booking } from '../../server/bookings/index.ts'`],
      ['web/src/pages.tsx', `import { money } from '#foundation'`],
      ['simulators/main.ts', `const server = await import('../server/main.ts')`],
      ['sdk/src/index.ts', `export type { Booking } from '../../server/bookings/schemas.ts'`],
    ],
    fine: [['web/src/pages.tsx', `import { client } from '@thabit/sdk'`]],
  },
  'simulators import nothing of ours': {
    found: [
      ['simulators/main.ts', `import { startEmbedded } from '../start/embedded-postgres.ts'`],
      ['simulators/main.ts', `import { client } from '@thabit/sdk'`],
    ],
    fine: [['simulators/main.ts', `import { store } from './store.ts'\nimport { createServer } from 'node:http'`]],
  },
  'what the server imports is written and not computed': {
    found: [[settle, 'const vendor = await import(`../providers/${name}/index.ts`)']],
    fine: [[settle, `const fs = await import('node:fs')`]],
  },
  'the environment is read in one place': {
    found: [
      [settle, `const key = process.env['MOYASAR_SECRET_KEY']`],
      [settle, `const { MOYASAR_SECRET_KEY } = process.env`],
      [settle, `const key = process['env'].KEY`],
      [settle, `import { env } from 'node:process'`],
      ['web/src/main.tsx', `const url = process.env.URL`],
      ['simulators/clock.ts', `const now = process.env.NOW`],
    ],
    fine: [
      ['server/config.ts', `const env = process.env`],
      ['start/main.ts', `const env = process.env`],
      [settle, `// process.env is read elsewhere\nconst words = 'process.env'`],
    ],
  },
  'only providers speak to the outside': {
    found: [
      [settle, `const answer = await fetch(url)`],
      [settle, `const answer = await globalThis.fetch(url)`],
      [settle, `import { request } from 'node:https'`],
      [settle, `import { connect } from 'node:net'`],
      ['server/http/server.ts', `import { Agent } from 'undici'`],
    ],
    fine: [
      ['server/providers/http-exchange.ts', `const answer = await fetch(url)`],
      ['server/accounts/address.ts', `import { isIPv6 } from 'node:net'`],
    ],
  },
  'the server does not wait by sleeping': {
    found: [
      [settle, `import { setTimeout as sleep } from 'node:timers/promises'`],
      [settle, `await new Promise((resolve) => setTimeout(resolve, 100))`],
    ],
    fine: [
      ['server/jobs/sweeps.ts', `import { setTimeout as sleep } from 'node:timers/promises'`],
      ['server/main.ts', `setTimeout(() => process.exit(1), 25_000).unref()`],
    ],
  },
  'there is no any': {
    found: [
      [settle, `const answer: any = 1`],
      [settle, `const answer = 1 as any`],
      ['web/src/main.tsx', `const answers: Record<string, any[]> = {}`],
    ],
    fine: [[settle, `// any\nconst any = 'any'`]],
  },
  'a table is touched only by its owner': {
    found: [
      ['server/bookings/queries.ts', 'sql`select * from payment where id = ${id}`'],
      ['server/bookings/queries.ts', 'sql`select b.id from booking b join payment p on p.payable_id = b.order_id`'],
      ['server/bookings/queries.ts', 'sql`select 1 from booking b, claim c where c.holder_id = b.id`'],
      ['server/bookings/queries.ts', 'sql`insert into audit_entry (action) values (${x})`'],
      ['server/bookings/queries.ts', 'sql`UPDATE claim SET state = ${x}`'],
      ['server/bookings/queries.ts', 'sql`delete from session where id = ${id}`'],
      ['server/operations/queries.ts', 'sql`update booking set status = ${x}`'],
      ['server/operations/queries.ts', 'sql`select id from booking for update`'],
    ],
    fine: [
      [
        'server/bookings/queries.ts',
        'sql`select b.id from booking b join customer_order o on o.id = b.order_id for update of b -- not payment`',
      ],
      [
        'server/operations/queries.ts',
        'sql`select count(*) from claim c where not exists (select from booking b where b.id = c.holder_id)`',
      ],
    ],
  },
  'every table has an owner': {
    found: [
      ['server/database/migrations/0001_first.sql', 'create table stray (id uuid primary key);'],
      ['server/database/migrations/0001_first.sql', 'create table booking (id uuid primary key);'],
    ],
  },
  'SQL is written where SQL belongs': {
    found: [
      ['server/bookings/book.ts', 'await tx.run(sql`select 1`)'],
      ['server/bookings/routes.ts', 'await tx.rows<{ id: string }>(sql`select 1`)'],
    ],
    fine: [
      ['server/bookings/queries.ts', 'tx.run(sql`select 1`)'],
      ['server/bookings/book.test.ts', 'tx.run(sql`select 1`)'],
    ],
  },
  'SQL is never put together from strings': {
    found: [
      ['server/bookings/queries.ts', 'tx.run(sql([`select * from booking where id = ${id}`]))'],
      ['server/bookings/queries.ts', 'tx.run(sql`select ${raw(column)} from booking`)'],
      ['server/bookings/queries.ts', "await pool.query('select * from booking where id = ' + id)"],
      ['server/bookings/queries.ts', "import sql, { raw } from 'sql-template-tag'"],
      ['server/bookings/queries.ts', "import pg from 'pg'"],
    ],
    fine: [['server/bookings/queries.ts', 'tx.run(sql`select * from booking where id = ${id} and ${sql`true`}`)']],
  },
  'no file is longer than 400 lines': {
    found: [
      ['server/bookings/book.ts', lines(401)],
      ['web/src/style.css', 'a { color: red }\n'.repeat(401)],
    ],
    fine: [['server/bookings/book.ts', lines(400)]],
  },
  'nothing is called after a drawer': {
    found: [
      ['server/bookings/utils.ts', ''],
      ['server/common/money.ts', ''],
      ['web/src/lib/api.ts', ''],
      ['tests/support/helpers.test.ts', ''],
    ],
    fine: [['server/bookings/book.ts', '']],
  },
  'every module has its door and its usual rooms': {
    around: order
      .flatMap((name) =>
        ['index.ts', 'routes.ts', 'schemas.ts', 'queries.ts', 'errors.ts'].map((room) => [`server/${name}/${room}`, ''] as const),
      )
      .filter(([path]) => path !== 'server/bookings/queries.ts'),
    found: [
      ['server/bookings/book.ts', ''],
      ['server/loyalty/index.ts', ''],
    ],
    fine: [['server/bookings/queries.ts', '']],
  },
  'HTTP is spoken in routes files': {
    found: [['server/bookings/book.ts', `app.post('/v1/bookings', handler)`]],
    fine: [
      ['server/bookings/routes.ts', `app.post('/v1/bookings', handler)`],
      ['server/operations/health-routes.ts', `app.get('/livez', handler)`],
      ['server/bookings/book.ts', `map.get('x')`],
    ],
  },
  'problems are declared in errors files': {
    found: [['server/bookings/book.ts', `const problems = defineProblems({})`]],
    fine: [['server/bookings/errors.ts', `export const problems = defineProblems({})`]],
  },
  'wire shapes are declared in schemas files': {
    found: [['server/bookings/routes.ts', `import { Type } from 'typebox'`]],
    fine: [
      ['server/bookings/schemas.ts', `import { Type } from 'typebox'`],
      ['server/bookings/view.ts', `import type { Static } from 'typebox'`],
    ],
  },
  'every provider has its simulator and every simulator its provider': {
    found: [
      ['server/providers/unplayed/index.ts', ''],
      ['simulators/unreal/index.ts', ''],
    ],
    fine: [
      ['server/providers/http-exchange.ts', ''],
      ['simulators/inbox/page.ts', ''],
    ],
    around: [
      ['server/providers/moyasar/index.ts', ''],
      ['simulators/moyasar/index.ts', ''],
    ],
  },
  'migrations are numbered without gaps': {
    around: [['server/database/migrations/0001_first.sql', '']],
    found: [
      ['server/database/migrations/0003_third.sql', ''],
      ['server/database/migrations/0001_again.sql', ''],
      ['server/database/migrations/second.sql', ''],
    ],
    fine: [['server/database/migrations/0002_second.sql', '']],
  },
  'files are named in kebab-case': {
    found: [
      ['server/bookings/bookNow.ts', ''],
      ['web/src/Page.tsx', ''],
      ['server/bookings/book_now.ts', ''],
    ],
    fine: [['server/bookings/book-now.test.ts', '']],
  },
  'styles name start and end, never left and right': {
    found: [
      ['web/src/style.css', 'a { margin-left: 1rem }'],
      ['web/src/style.css', 'a {\n  left: 0;\n}'],
      ['web/src/style.css', 'a { text-align: right }'],
      ['web/src/style.css', 'a { border-top-left-radius: 4px }'],
      ['web/src/page.tsx', 'const box = <div style={{ paddingRight: 4 }} />'],
    ],
    fine: [
      ['web/src/style.css', 'a { margin-inline-start: 1rem; inset-inline-end: 0; text-align: start }'],
      ['web/src/page.tsx', `const text = 'left of it'`],
    ],
  },
  'no file names a folder of one machine': {
    found: [
      ['README.md', ['Open /ho', 'me/noura/thabit/README.md'].join('')],
      ['start/main.ts', ["const home = '/ro", "ot/thabit'"].join('')],
    ],
    fine: [
      ['README.md', 'See https://example.com/home/page and ./root/list and server/home/x'],
      ['server/http/server.ts', `const route = '/v1/root/items'`],
    ],
  },
}
