import { at, type Import, isTest, moduleOf, type Rule, type Source } from './source.ts'

/** The one order. A module uses only those before it, so that no two can need each other. */
export const order = [
  'foundation',
  'database',
  'jobs',
  'external-calls',
  'http',
  'notifications',
  'accounts',
  'catalog',
  'availability',
  'payments',
  'bookings',
  'operations',
]

/** Looks at every import of every file that `which` picks; `judge` says what is wrong with one, or nothing. */
function imports(name: string, which: (path: string) => boolean, judge: (one: Import, from: Source) => string | undefined): Rule {
  return {
    name,
    find: (sources) =>
      sources
        .filter(({ path }) => which(path))
        .flatMap((from) => from.imports.flatMap((one) => judge(one, from)?.replace(/^/, `${at(from, one.start)} `) ?? [])),
  }
}

const inServer = (path: string) => path.startsWith('server/')
const doorOf = (specifier: string | null) => (specifier?.startsWith('#') ? specifier.slice(1) : undefined)

export const moduleOrder = imports('a module uses only the modules before it', inServer, ({ specifier }, { path }) => {
  const door = doorOf(specifier)
  const own = moduleOf(path)
  if (door === undefined || own === undefined || own === 'providers') return undefined
  if (!order.includes(door)) return `imports ${specifier}, which is no door`
  if (door === own && isTest(path)) return undefined
  return order.indexOf(door) < order.indexOf(own)
    ? undefined
    : `imports ${specifier}, which comes ${door === own ? 'no earlier' : 'later'} than ${own}`
})

export const doorsOnly = imports(
  'a module is entered by its door',
  (path) => /^(server|start|docs|sdk)\//.test(path),
  ({ target }, { path }) => {
    if (target === null || !inServer(target)) return undefined
    const [own, other] = [moduleOf(path), moduleOf(target)]
    if (other === undefined || other === own || target.startsWith('server/providers/')) return undefined
    // Inside the server a module is reached by its name; from outside, which has no such names, by its door's path.
    return inServer(path) || !/^server\/[^/]+\/index\.ts$/.test(target) ? `imports ${target} past its door` : undefined
  },
)

export const modulesKnowNothingAround = imports(
  'a module knows neither the assembly nor the settings',
  (path) => order.includes(moduleOf(path) ?? '') && !isTest(path),
  ({ target }) => (target !== null && (/^server\/[^/]+$/.test(target) || !inServer(target)) ? `imports ${target}` : undefined),
)

export const assemblyPicksProviders = imports(
  'only the assembly picks providers',
  (path) => !/^(server\/(assembly\.ts$|providers\/)|tests\/)/.test(path),
  ({ target }, { path }) => (target?.startsWith('server/providers/') && !isTest(path) ? `imports ${target}` : undefined),
)

export const providersStayOut = imports(
  'a provider uses words and calls of the house, and only the types of its modules',
  (path) => path.startsWith('server/providers/') && !isTest(path),
  ({ specifier, target, typeOnly }) => {
    const door = doorOf(specifier)
    if (door !== undefined && !typeOnly && door !== 'foundation' && door !== 'external-calls')
      return `imports more than types of ${specifier}`
    return target !== null && !target.startsWith('server/providers/') && !(typeOnly && target === 'server/config.ts')
      ? `imports ${target}`
      : undefined
  },
)

export const serverStandsAlone = imports(
  'the server imports nothing that stands around it',
  (path) => inServer(path) && !isTest(path),
  ({ target }) => (target !== null && !inServer(target) ? `imports ${target}` : undefined),
)

export const outsidersStayOut = imports(
  'web, simulators and sdk never import the server',
  (path) => /^(web|simulators|sdk)\//.test(path),
  ({ specifier, target }) =>
    (target !== null && inServer(target)) || /^(#|@thabit\/server)/.test(specifier ?? '') ? `imports ${specifier}` : undefined,
)

export const simulatorsStandAlone = imports(
  'simulators import nothing of ours',
  (path) => path.startsWith('simulators/') && !isTest(path),
  ({ specifier, target }) =>
    (target !== null && !target.startsWith('simulators/')) || specifier?.startsWith('@thabit/') ? `imports ${specifier}` : undefined,
)

export const importsAreWritten = imports(
  'what the server imports is written and not computed',
  (path) => inServer(path) && !isTest(path),
  ({ specifier }) => (specifier === null ? 'imports what is only known at run time' : undefined),
)
