import { at, isNode, isTest, type Node, type Rule, type Source } from './source.ts'

/** Looks at every node of the files that `which` picks; `judge` says what is wrong with one, or nothing. */
export function nodes(name: string, which: (path: string) => boolean, judge: (node: Node, from: Source) => string | undefined): Rule {
  return {
    name,
    find: (sources) =>
      sources
        .filter(({ path }) => which(path))
        .flatMap((from) => from.nodes.flatMap((node) => judge(node, from)?.replace(/^/, `${at(from, node.start)} `) ?? [])),
  }
}

const named = (value: unknown, name: string): boolean =>
  isNode(value) && ((value.type === 'Identifier' && value['name'] === name) || (value.type === 'Literal' && value['value'] === name))
const importsFrom = (node: Node, pattern: RegExp): boolean =>
  node.type === 'ImportDeclaration' && isNode(node['source']) && pattern.test(String(node['source']['value']))
const specifiersOf = (node: Node): Node[] => (Array.isArray(node['specifiers']) ? (node['specifiers'] as Node[]) : [])

const mayReadEnvironment = /^(server\/config\.ts|simulators\/main\.ts|web\/vite\.config\.ts|(start|tests|bench|docs)\/.*|.*\.test\.tsx?)$/

export const environment = nodes(
  'the environment is read in one place',
  (path) => !mayReadEnvironment.test(path),
  (node) => {
    if (node.type === 'MemberExpression' && named(node['object'], 'process') && named(node['property'], 'env')) return 'reads process.env'
    if (importsFrom(node, /^(node:)?process$/) && specifiersOf(node).some((one) => named(one['imported'], 'env')))
      return 'imports env of node:process'
    return undefined
  },
)

/** Of node:net, what only looks at an address. */
const onlyLooks = new Set(['isIP', 'isIPv4', 'isIPv6', 'BlockList', 'SocketAddress'])
const speaks = /^(node:)?(https?|http2|net|tls|dgram)$|^undici$/

export const callsOut = nodes(
  'only providers speak to the outside',
  (path) => path.startsWith('server/') && !path.startsWith('server/providers/') && !isTest(path),
  (node) => {
    if (
      node.type === 'CallExpression' &&
      (named(node['callee'], 'fetch') || (isNode(node['callee']) && named(node['callee']['property'], 'fetch')))
    )
      return 'calls fetch'
    if (
      importsFrom(node, speaks) &&
      node['importKind'] !== 'type' &&
      !specifiersOf(node).every((one) => isNode(one['imported']) && onlyLooks.has(String(one['imported']['name'])))
    )
      return 'imports a module that speaks to the network'
    return undefined
  },
)

/** The last waits, within its deadline and holding nothing, for another tab's call to the gateway. */
const maySleep = /^server\/(jobs\/|database\/|external-calls\/|payments\/start-payment\.ts$)/

export const sleeps = nodes(
  'the server does not wait by sleeping',
  (path) => path.startsWith('server/') && !maySleep.test(path) && !isTest(path),
  (node) => {
    if (importsFrom(node, /^(node:)?timers\/promises$/)) return 'imports a sleep'
    if (node.type !== 'NewExpression' || !named(node['callee'], 'Promise')) return undefined
    return /\bset(Timeout|Interval|Immediate)\b/.test(JSON.stringify(node['arguments'])) ? 'waits for a timer' : undefined
  },
)

export const noAny = nodes(
  'there is no any',
  () => true,
  ({ type }) => (type === 'TSAnyKeyword' ? 'says any' : undefined),
)
