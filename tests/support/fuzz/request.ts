/** One request as it is sent, and whether the contract takes it. */
import type { Contract, Operation } from './contract.ts'

export type Body = { kind: 'none' } | { kind: 'json'; value: unknown } | { kind: 'raw'; text: string; contentType: string | null }

export interface Request {
  operation: Operation
  method: string
  /** Before they are written into the address. A value that begins with `%raw:` goes in as it is. */
  path: Record<string, string>
  query: [name: string, value: string][]
  /** Besides those that the body, the actor and the language bring. */
  headers: [name: string, value: string][]
  body: Body
  actor: string
  /** What was done to a good request. */
  mutation: string
}

export const rawMark = '%raw:'

export function addressOf({ operation, path, query }: Request): string {
  const segments = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encoded(path[name] ?? ''))
  const pairs = query.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&')
  return pairs === '' ? segments : `${segments}?${pairs}`
}

/** Half a surrogate pair cannot be written as UTF-8: its bytes are sent as a careless client would. */
function encoded(value: string): string {
  if (value.startsWith(rawMark)) return value.slice(rawMark.length)
  return value.isWellFormed()
    ? encodeURIComponent(value)
    : value.replace(/./gsu, (char) => (char.isWellFormed() ? encodeURIComponent(char) : '%ED%A0%80'))
}

export function textOfBody(body: Body): string | null {
  if (body.kind === 'none') return null
  return body.kind === 'raw' ? body.text : JSON.stringify(body.value)
}

/** Why the contract does not take this request; null when it does. What it does not take must be refused. */
export function refusalReason(contract: Contract, request: Request, openQueries: ReadonlySet<string>): string | null {
  const { operation, method, query, body } = request
  if (method !== operation.method && !(method === 'HEAD' && operation.method === 'GET')) return `method ${method}`
  for (const parameter of operation.parameters) {
    const values = valuesOf(parameter.in, parameter.name, request)
    if (values.length === 0 || (parameter.in !== 'query' && values[0] === '')) {
      if (parameter.required || parameter.in === 'path') return `${parameter.in} ${parameter.name} is missing`
      continue
    }
    if (values.length > 1) return `${parameter.in} ${parameter.name} comes twice`
    if (values[0]!.startsWith(rawMark)) continue
    if (!contract.takes(parameter.schema, values[0], 'address')) return `${parameter.in} ${parameter.name} is not as documented`
  }
  const described = new Set(operation.parameters.map((parameter) => `${parameter.in} ${parameter.name}`))
  const unknown = query.find(([name]) => !described.has(`query ${name}`))
  if (unknown && !openQueries.has(operation.id)) return `query ${unknown[0]} is not documented`
  return refusalReasonOfBody(contract, operation, body)
}

function valuesOf(where: string, name: string, { path, query, headers }: Request): string[] {
  if (where === 'path') return path[name] === undefined ? [] : [path[name]]
  return (where === 'query' ? query : headers).filter(([given]) => given === name).map(([, value]) => value)
}

function refusalReasonOfBody(contract: Contract, operation: Operation, body: Body): string | null {
  // A body of GET means nothing to anyone (RFC 9110, 9.3.1).
  if (operation.method === 'GET') return null
  if (body.kind === 'none') return operation.body === null ? null : 'the body is missing'
  // A form that is documented beside JSON may say anything.
  if (body.kind === 'raw' && body.contentType !== 'application/json' && operation.mediaTypes.includes(body.contentType ?? '')) return null
  if (body.kind === 'raw' && !/^application\/json\s*(;|$)/i.test(body.contentType ?? '')) return `the content type ${body.contentType}`
  let value: unknown
  try {
    value = body.kind === 'json' ? (JSON.parse(JSON.stringify(body.value) ?? '') as unknown) : JSON.parse(body.text.replace(/^\ufeff/, ''))
  } catch {
    return 'the body is no JSON'
  }
  if (operation.body === null) return saysNothing(value) ? null : 'a body where none is documented'
  return contract.takes(operation.body, value, 'body') ? null : 'the body is not as documented'
}

function saysNothing(value: unknown): boolean {
  return value === null || (typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0)
}
