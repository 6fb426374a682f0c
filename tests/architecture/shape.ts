import { order } from './boundaries.ts'
import { nodes } from './reach.ts'
import { at, isNode, isTest, moduleOf, type Rule, type Source } from './source.ts'

const longest = 400
const isCode = (path: string) => /\.([cm]?[jt]sx?|css|sql)$/.test(path)
// The dump of the schema is made by `npm run docs`.
const isMade = (path: string) => path === 'server/database/schema.sql'
export const linesOf = ({ text }: Source): number => text.trimEnd().split('\n').length
export const codeFiles = (sources: Source[]): Source[] => sources.filter(({ path }) => isCode(path) && !isMade(path))

export const fileLength: Rule = {
  name: `no file is longer than ${longest} lines`,
  find: (sources) =>
    codeFiles(sources)
      .filter((one) => linesOf(one) > longest)
      .map((one) => `${one.path} has ${linesOf(one)} lines`),
}

const drawers = new Set(['util', 'utils', 'utilities', 'helper', 'helpers', 'lib', 'libs', 'common', 'core', 'misc', 'shared', 'stuff'])

export const noDrawers: Rule = {
  name: 'nothing is called after a drawer',
  find: (sources) =>
    sources
      .filter(({ path }) => path.split('/').some((part) => drawers.has(part.replace(/\..*$/, '').toLowerCase())))
      .map(({ path }) => `${path} is a drawer`),
}

/** These have no routes, tables or problems of their own kind: they are what the others are made with. */
const ground = new Set(['foundation', 'database', 'jobs', 'external-calls', 'http'])
const expected: Record<string, string[]> = { notifications: ['index.ts', 'queries.ts', 'errors.ts'] }

export const moduleShape: Rule = {
  name: 'every module has its door and its usual rooms',
  find(sources) {
    const present = new Set(sources.map(({ path }) => path))
    const known = new Set([...order, 'providers'])
    const strange = new Set(sources.flatMap(({ path }) => moduleOf(path) ?? []).filter((name) => !known.has(name)))
    return [
      ...[...strange].map((name) => `server/${name} is not in the order of modules`),
      ...order.flatMap((name) => {
        const rooms = ground.has(name) ? ['index.ts'] : (expected[name] ?? ['index.ts', 'routes.ts', 'schemas.ts', 'queries.ts'])
        return rooms.filter((room) => !present.has(`server/${name}/${room}`)).map((room) => `server/${name} has no ${room}`)
      }),
    ]
  },
}

const ofModule = (path: string) =>
  moduleOf(path) !== undefined && !ground.has(moduleOf(path)!) && !path.startsWith('server/providers/') && !isTest(path)
const calls = (node: { [field: string]: unknown }, name: RegExp) => isNode(node['callee']) && name.test(String(node['callee']['name']))

export const routesInRoutes = nodes(
  'HTTP is spoken in routes files',
  (path) => ofModule(path) && !/\/([a-z-]+-)?routes\.ts$/.test(path),
  (node) => {
    const callee = node.type === 'CallExpression' && isNode(node['callee']) ? node['callee'] : undefined
    if (!callee || callee.type !== 'MemberExpression' || !isNode(callee['object']) || !isNode(callee['property'])) return undefined
    return callee['object']['name'] === 'app' &&
      /^(get|post|put|patch|delete|route|addSchema|addHook)$/.test(String(callee['property']['name']))
      ? 'adds a route'
      : undefined
  },
)

export const problemsInErrors = nodes(
  'problems are declared in errors files',
  (path) => ofModule(path) && !path.endsWith('/errors.ts'),
  (node) => (node.type === 'CallExpression' && calls(node, /^defineProblems$/) ? 'declares a problem' : undefined),
)

export const shapesInSchemas = nodes(
  'wire shapes are declared in schemas files',
  (path) => ofModule(path) && !/\/([a-z-]+-)?schemas\.ts$/.test(path),
  (node) =>
    node.type === 'ImportDeclaration' && isNode(node['source']) && node['source']['value'] === 'typebox' && node['importKind'] !== 'type'
      ? 'declares a shape'
      : undefined,
)

/** Folders of the simulators that play no vendor. */
const notVendors = new Set(['inbox'])

export const vendorsArePlayed: Rule = {
  name: 'every provider has its simulator and every simulator its provider',
  find(sources) {
    const named = (folder: string) =>
      new Set(
        sources.flatMap(({ path }) => new RegExp(`^${folder}/([^/]+)/`).exec(path)?.[1] ?? []).filter((name) => !notVendors.has(name)),
      )
    const [real, played] = [named('server/providers'), named('simulators')]
    return [
      ...[...real].filter((name) => !played.has(name)).map((name) => `server/providers/${name} has no simulator`),
      ...[...played].filter((name) => !real.has(name)).map((name) => `simulators/${name} plays nobody`),
    ]
  },
}

export const migrationNumbers: Rule = {
  name: 'migrations are numbered without gaps',
  find(sources) {
    const names = sources.flatMap(({ path }) => /^server\/database\/migrations\/(.+)$/.exec(path)?.[1] ?? []).toSorted()
    return names.flatMap((name, index) =>
      new RegExp(`^${String(index + 1).padStart(4, '0')}_[a-z0-9_]+\\.sql$`).test(name)
        ? []
        : [`server/database/migrations/${name} is not number ${index + 1}`],
    )
  },
}

export const portableNames: Rule = {
  name: 'files are named in kebab-case',
  find: (sources) =>
    sources
      .filter(
        ({ path }) =>
          isCode(path) && !path.startsWith('server/database/migrations/') && !/\/[a-z0-9.]+(-[a-z0-9.]+)*\.[a-z]+$/.test(`/${path}`),
      )
      .map((one) => `${at(one)} is not named in kebab-case`),
}
