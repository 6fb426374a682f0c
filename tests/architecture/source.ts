import { posix } from 'node:path'
import { parseSync } from 'vite'

/** One file of the house, parsed where it is code. Rules look at these and at nothing else, so that a fault can be planted without a file. */
export interface Source {
  /** From the clone's root, with `/`. */
  path: string
  text: string
  /** Every node of the code, in no particular order; none where the file is not code. */
  nodes: Node[]
  imports: Import[]
}

export interface Node {
  type: string
  start: number
  end: number
  [field: string]: unknown
}

export interface Import {
  /** As written: `#payments`, `./book.ts`, `node:fs`. Null when it is put together at run time. */
  specifier: string | null
  /** What a relative specifier leads to, from the clone's root; else null. */
  target: string | null
  /** Only types: nothing of it is left when the program runs. */
  typeOnly: boolean
  start: number
}

export interface Rule {
  name: string
  /** One sentence for each place that breaks it: `path:line what`. */
  find(sources: Source[]): string[]
}

export function source(path: string, text: string): Source {
  const nodes = /\.[cm]?[jt]sx?$/.test(path) ? parse(path, text) : []
  return { path, text, nodes, imports: nodes.flatMap((node) => importOf(path, node)) }
}

/** `path:line`, so that an editor opens the place. */
export function at({ path, text }: Source, offset = 0): string {
  return `${path}:${text.slice(0, offset).split('\n').length}`
}

export const isTest = (path: string): boolean => /\.test\.[jt]sx?$/.test(path)
/** `server/payments/settle.ts` is of `payments`; what lies in server/ itself is of none. */
export const moduleOf = (path: string): string | undefined => /^server\/([^/]+)\//.exec(path)?.[1]

function parse(path: string, text: string): Node[] {
  const { program, errors } = parseSync(path, text)
  if (errors.length > 0) throw new SyntaxError(`${path} cannot be parsed: ${errors[0]?.message}`)
  const found: Node[] = []
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit)
    if (typeof value !== 'object' || value === null) return
    if (isNode(value)) found.push(value)
    Object.values(value).forEach(visit)
  }
  visit(program)
  return found
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string' && 'start' in value
}

const importing = new Set(['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration', 'ImportExpression', 'TSImportType'])

function importOf(path: string, node: Node): Import[] {
  if (!importing.has(node.type) || !isNode(node['source'])) return []
  const written = node['source']['value']
  const specifier = typeof written === 'string' ? written : null
  const target = specifier?.startsWith('.') ? posix.join(posix.dirname(path), specifier) : null
  return [{ specifier, target, typeOnly: onlyTypes(node), start: node.start }]
}

function onlyTypes(node: Node): boolean {
  if (node.type === 'TSImportType' || node['importKind'] === 'type' || node['exportKind'] === 'type') return true
  const specifiers = node['specifiers']
  return (
    Array.isArray(specifiers) &&
    specifiers.length > 0 &&
    specifiers.every((one: Node) => one['importKind'] === 'type' || one['exportKind'] === 'type')
  )
}
