import { Client } from 'pg'

const heading = `-- The schema after every migration, made by \`npm run docs\` from a freshly migrated database. To read, not to run:
-- what runs is in migrations/.`

/** A database's tables, indexes, functions and triggers as readable SQL, in an order that does not change. */
export async function dumpSchema(databaseUrl: string): Promise<string> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const lines = async (statement: string): Promise<string[]> =>
      (await client.query<{ line: string }>(statement)).rows.map(({ line }) => line)
    const tables = new Map<string, string[]>()
    for (const { table, line } of (await client.query<{ table: string; line: string }>(columns)).rows)
      tables.set(table, [...(tables.get(table) ?? []), line])
    for (const { table, line } of (await client.query<{ table: string; line: string }>(constraints)).rows) tables.get(table)?.push(line)

    const parts = [heading, (await lines(extensions)).join('\n')]
    for (const [table, rows] of tables) {
      const own = (await client.query<{ line: string }>(indexes, [table])).rows.map(({ line }) => line)
      parts.push([`create table ${table} (\n  ${rows.join(',\n  ')}\n);`, ...own].join('\n'))
    }
    return `${[...parts, ...(await lines(functions)), (await lines(triggers)).join('\n')].filter(Boolean).join('\n\n')}\n`
  } finally {
    await client.end()
  }
}

const extensions = `select format('create extension %I;', extname) as line from pg_extension where extname <> 'plpgsql' order by extname`

const columns = `
  select c.relname as table,
    concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' end, 'default ' || pg_get_expr(d.adbin, d.adrelid)) as line
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
  order by c.relname, a.attnum`

// Not-null constraints are told with their columns.
const constraints = `
  select c.relname as table, format('constraint %I %s', k.conname, pg_get_constraintdef(k.oid, true)) as line
  from pg_constraint k join pg_class c on c.oid = k.conrelid
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and k.contype <> 'n'
  order by c.relname, array_position('{p,u,x,f,c}'::"char"[], k.contype), k.conname`

// Those behind a constraint are told with it.
const indexes = `
  select pg_get_indexdef(i.indexrelid) || ';' as line
  from pg_index i join pg_class c on c.oid = i.indrelid join pg_class n on n.oid = i.indexrelid
  where c.relnamespace = 'public'::regnamespace and c.relname = $1 and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
  order by n.relname`

const functions = `
  select pg_get_functiondef(p.oid) || ';' as line from pg_proc p
  where p.pronamespace = 'public'::regnamespace and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
  order by p.proname`

const triggers = `
  select pg_get_triggerdef(t.oid, true) || ';' as line from pg_trigger t join pg_class c on c.oid = t.tgrelid
  where c.relnamespace = 'public'::regnamespace and not t.tgisinternal
  order by c.relname, t.tgname`
