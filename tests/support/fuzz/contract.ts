/** The OpenAPI document as the fuzzer reads it: what may be asked, and what may be answered. */
import { Ajv, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'

export interface Schema {
  $ref?: string
  type?: string | string[]
  format?: string
  pattern?: string
  enum?: unknown[]
  const?: unknown
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  anyOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  default?: unknown
}

export interface Parameter {
  in: 'path' | 'query' | 'header'
  name: string
  required: boolean
  schema: Schema
}

interface Media {
  content?: Record<string, { schema: Schema }>
}

export interface Operation {
  id: string
  method: string
  /** With `{name}` where a value belongs. */
  path: string
  parameters: Parameter[]
  body: Schema | null
  /** Of its body. */
  mediaTypes: string[]
  /** By status or range: `201`, `4XX`. */
  responses: Record<string, Media>
  /** Asks for an access token. */
  secured: boolean
}

export interface OpenApi {
  paths: Record<string, Record<string, unknown>>
  components?: { schemas?: Record<string, Schema> }
}

export interface Contract {
  operations: Operation[]
  /** Whether a value is one the schema takes; values of addresses are read as the type they should be. */
  takes(schema: Schema, value: unknown, from: 'body' | 'address'): boolean
  /** What is wrong with an answer by its documented schema, every field it does not name included; null when nothing is. */
  faultOfAnswer(operation: Operation, status: number, contentType: string, body: unknown): string | null
}

const methods = ['get', 'post', 'put', 'patch', 'delete']

export function readContract(document: OpenApi): Contract {
  const components = { components: { schemas: document.components?.schemas ?? {} } }
  const compiler = (coerceTypes: boolean, schemas: object) => {
    const ajv = addFormats.default(new Ajv({ strict: false, allErrors: false, coerceTypes }))
    ajv.addSchema({ $id: 'contract', ...schemas })
    const compiled = new Map<Schema, ValidateFunction>()
    return (schema: Schema) => {
      const known = compiled.get(schema) ?? ajv.compile(atHome(schema))
      compiled.set(schema, known)
      return known
    }
  }
  const exact = compiler(false, components)
  const fromAddress = compiler(true, components)
  // An answer may not hold a field that its schema does not name: that is how secrets leak.
  const answers = compiler(false, closed(components))

  return {
    operations: Object.entries(document.paths).flatMap(([path, item]) =>
      methods.filter((method) => method in item).map((method) => readOperation(method, path, item[method] as Record<string, unknown>)),
    ),
    takes(schema, value, from) {
      return from === 'body' ? exact(schema)(value) : fromAddress(holding(schema))({ value })
    },
    faultOfAnswer(operation, status, contentType, body) {
      const documented = operation.responses[status] ?? operation.responses[`${String(status)[0]}XX`]
      if (!documented) return `The status ${status} is not documented.`
      const [media = ''] = contentType.split(';')
      if (!documented.content) return body === '' ? null : `The status ${status} is documented without a body.`
      const described = documented.content[media]
      if (!described) return `The content type ${media || 'none'} is not documented for ${status}.`
      const check = answers(closedOnce(described.schema))
      return check(body)
        ? null
        : `The answer is not as documented: ${check.errors?.map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`).join('; ')}`
    },
  }
}

function readOperation(method: string, path: string, raw: Record<string, unknown>): Operation {
  const body = raw['requestBody'] as { content: Record<string, { schema: Schema }> } | undefined
  return {
    id: String(raw['operationId']),
    method: method.toUpperCase(),
    path,
    parameters: (raw['parameters'] as Parameter[] | undefined) ?? [],
    body: body?.content['application/json']?.schema ?? null,
    mediaTypes: Object.keys(body?.content ?? {}),
    responses: raw['responses'] as Record<string, Media>,
    secured: raw['security'] !== undefined,
  }
}

/** References of the document, as Ajv finds them under the one name they are kept at. */
function atHome<T>(node: T): T {
  return mapped(node, (object) => (typeof object['$ref'] === 'string' ? { ...object, $ref: `contract${object['$ref']}` } : object))
}

function closed<T>(node: T): T {
  return mapped(node, (object) => {
    const isOpen = object['type'] === 'object' && object['properties'] !== undefined && object['additionalProperties'] === undefined
    return isOpen ? { ...object, additionalProperties: false } : object
  })
}

const closedSchemas = new WeakMap<Schema, Schema>()
function closedOnce(schema: Schema): Schema {
  const known = closedSchemas.get(schema) ?? closed(schema)
  closedSchemas.set(schema, known)
  return known
}

/** Coercion replaces a value in its parent: here is one. */
const holders = new WeakMap<Schema, Schema>()
function holding(schema: Schema): Schema {
  const known = holders.get(schema) ?? { type: 'object', properties: { value: schema }, required: ['value'] }
  holders.set(schema, known)
  return known
}

function mapped<T>(node: T, change: (object: Record<string, unknown>) => Record<string, unknown>): T {
  if (Array.isArray(node)) return node.map((entry: unknown) => mapped(entry, change)) as T
  if (node === null || typeof node !== 'object') return node
  const rebuilt = Object.fromEntries(Object.entries(node).map(([name, entry]: [string, unknown]) => [name, mapped(entry, change)]))
  return change(rebuilt) as T
}
