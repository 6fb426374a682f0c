import { nodes } from './reach.ts'
import { at, isNode, isTest, moduleOf, type Node, type Rule, type Source } from './source.ts'

/** Who may touch which table. A table in the migrations that is missing here breaks the rule, and so does one that is gone. */
export const owners: Record<string, readonly string[]> = {
  schema_migration: ['database'],
  audit_entry: ['database'],
  idempotency_key: ['http'],
  // Written and delivered as the record of absorbed calls; shown and sent again by the module that knows messages.
  notification: ['external-calls', 'notifications'],
  notification_attempt: ['external-calls', 'notifications'],
  messaging_choice: ['notifications'],
  delivery_report: ['notifications'],
  account: ['accounts'],
  login_identifier: ['accounts'],
  role_grant: ['accounts'],
  code_challenge: ['accounts'],
  code_limit: ['accounts'],
  code_pause: ['accounts'],
  session: ['accounts'],
  refresh_token: ['accounts'],
  business: ['catalog'],
  branch: ['catalog'],
  resource: ['catalog'],
  service: ['catalog'],
  requirement: ['catalog'],
  requirement_resource: ['catalog'],
  opening_rule: ['availability'],
  special_day: ['availability'],
  closure: ['availability'],
  claim: ['availability'],
  payment: ['payments'],
  refund: ['payments'],
  webhook_event: ['payments'],
  payment_check: ['payments'],
  ledger_entry: ['payments'],
  money_difference: ['payments'],
  reconciliation: ['payments'],
  customer_order: ['bookings'],
  booking: ['bookings'],
  alert: ['operations'],
  metric_sample: ['operations'],
}
/** The last module watches over all others and reads across them; it writes nothing. */
const readsAll = 'operations'

/** Where SQL may be written; the rest of the house speaks through these. The last row: files that are a few statements about one word and nothing else. */
const maySql = new RegExp(
  `^server/(${[
    'database/.*|external-calls/.*|http/idempotency\\.ts|[^/]+/([a-z-]+/)?([a-z]+-)*queries\\.ts',
    'availability/(claim|set-opening)\\.ts|catalog/(publish|offered-service)\\.ts|accounts/(resolve-login|forget-old|code-limits)\\.ts',
  ].join('|')})$`,
)
const isServerCode = (path: string) => path.startsWith('server/') && !isTest(path)

interface Statement {
  from: Source
  start: number
  text: string
}

/** The words of every sql`` template; what is filled in is a `?`. */
function statements(sources: Source[]): Statement[] {
  return sources
    .filter(({ path }) => isServerCode(path))
    .flatMap((from) =>
      from.nodes.filter(isSqlTemplate).map((node) => {
        const { quasis } = node['quasi'] as { quasis: { value: { cooked: string } }[] }
        return {
          from,
          start: node.start,
          text: quasis
            .map(({ value }) => value.cooked)
            .join(' ? ')
            .replace(/--.*$/gm, '')
            .toLowerCase(),
        }
      }),
    )
}

function isSqlTemplate(node: Node): boolean {
  return node.type === 'TaggedTemplateExpression' && isNode(node['tag']) && node['tag']['name'] === 'sql'
}

/** Tables a statement names after the words that take one; a comma goes on with the list of a from. */
function tablesIn(text: string): { table: string; verb: string }[] {
  const found: { table: string; verb: string }[] = []
  for (const [, verb = '', first = '', rest = ''] of text.matchAll(
    /\b(from|join|into|update|using|truncate|table)\s+(?:only\s+)?([a-z_]+)((?:\s+(?:as\s+)?[a-z_]+)?(?:\s*,\s*[a-z_]+(?:\s+(?:as\s+)?[a-z_]+)?)*)/g,
  )) {
    found.push({ table: first, verb })
    if (verb === 'from' || verb === 'using') for (const [, table = ''] of rest.matchAll(/,\s*([a-z_]+)/g)) found.push({ table, verb })
  }
  return found.filter(({ table }) => table in owners)
}

export const tableOwners: Rule = {
  name: 'a table is touched only by its owner',
  find: (sources) =>
    statements(sources).flatMap(({ from, start, text }) => {
      const own = moduleOf(from.path) ?? ''
      const writes =
        /\b(insert\s+into|update\s+[a-z_]+(\s+[a-z_]+)?\s+set|delete\s+from|truncate|merge\s+into|for\s+(no\s+key\s+)?(update|share))\b/.test(
          text,
        )
      return tablesIn(text).flatMap(({ table }) => {
        if (owners[table]!.includes(own)) return []
        if (own === readsAll && !writes) return []
        return [`${at(from, start)} ${writes ? 'writes to' : 'reads'} ${table}, which belongs to ${owners[table]!.join(' and ')}`]
      })
    }),
}

export const everyTableOwned: Rule = {
  name: 'every table has an owner',
  find(sources) {
    const migrations = sources.filter(({ path }) => path.startsWith('server/database/migrations/') || path === 'server/database/migrate.ts')
    const made = migrations.flatMap((from) =>
      Array.from(from.text.matchAll(/create table (?:if not exists )?(\w+)/gi), ([, table = '']) => ({ from, table })),
    )
    if (made.length === 0) return []
    const unowned = made.filter(({ table }) => !(table in owners)).map(({ from, table }) => `${at(from)} makes ${table}, which nobody owns`)
    const gone = Object.keys(owners).filter((owned) => !made.some(({ table }) => table === owned))
    return [...unowned, ...gone.map((table) => `tests/architecture/tables.ts knows ${table}, which no migration makes`)]
  },
}

export const sqlInQueries = nodes(
  'SQL is written where SQL belongs',
  (path) => isServerCode(path) && !maySql.test(path),
  (node) => (isSqlTemplate(node) ? 'writes SQL' : undefined),
)

export const noBuiltSql = nodes(
  'SQL is never put together from strings',
  (path) => isServerCode(path) && !path.startsWith('server/database/'),
  (node) => {
    if (node.type === 'CallExpression' && isNode(node['callee']) && (node['callee']['name'] === 'sql' || node['callee']['name'] === 'raw'))
      return 'calls sql as a function'
    if (
      node.type === 'CallExpression' &&
      isNode(node['callee']) &&
      isNode(node['callee']['property']) &&
      node['callee']['property']['name'] === 'query'
    )
      return 'sends a query of its own'
    if (node.type === 'ImportDeclaration' && isNode(node['source']) && /^(pg|sql-template-tag)(\/|$)/.test(String(node['source']['value'])))
      return 'goes around #database'
    return undefined
  },
)
