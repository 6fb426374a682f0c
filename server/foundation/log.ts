import { pino } from 'pino'
import { cutPersonal } from './cut-personal.ts'
import type { LogEvent } from './log-events.ts'
import { traceFacts } from './trace.ts'

/** One line, one outcome: which, what belongs to it (ids, counts, words of ours), and a sentence for the person who reads. */
export type LogLine = (facts: { event: LogEvent } & Record<string, unknown>, sentence: string) => void

export interface Log {
  debug: LogLine
  info: LogLine
  warn: LogLine
  error: LogLine
}

export interface LogOptions {
  level: string
  file?: string | undefined
  /** Values that must never be written, wherever they come from. */
  secrets?: readonly string[]
  /** For the test that shows what would be written without it. */
  redaction?: boolean
}

/** Members that are never written, whatever they hold. */
const neverWritten = new Set([
  'phone',
  'recipient',
  'to',
  'code',
  'body',
  'text',
  'email',
  'contactEmail',
  'name',
  'note',
  'secret',
  'secret_token',
  'password',
  'authorization',
  'cookie',
  'accessToken',
  'refreshToken',
  'token',
])

/** JSON lines, each with the id of its trace. What must never be written is cut here, should a caller forget or a vendor quote it. */
export function createLog({ level, file, secrets = [], redaction = true }: LogOptions): Log {
  const destination = file === undefined ? pino.destination(1) : pino.destination({ dest: file, mkdir: true, sync: true })
  const known = secrets.filter((secret) => secret.length >= 8)
  const clean = (text: string) => cutPersonal(known.reduce((words, secret) => words.replaceAll(secret, '[cut]'), text))
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: traceFacts,
      // What is cut is plain already: pino's own way with errors would name it Object.
      ...(redaction && { formatters: { log: (facts) => cutFacts(facts, clean) }, serializers: { err: (err: unknown) => err } }),
    },
    destination,
  )
}

function cutFacts(facts: Record<string, unknown>, clean: (text: string) => string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, cutFact(name, value, clean, 0)]))
}

function cutFact(name: string, value: unknown, clean: (text: string) => string, depth: number): unknown {
  if (neverWritten.has(name)) return '[cut]'
  if (typeof value === 'string') return name === 'trace_id' ? value : clean(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Error) return cutError(value, clean, depth)
  if (depth >= 4) return '[deep]'
  if (Array.isArray(value)) return value.map((one) => cutFact('', one, clean, depth + 1))
  // An instant and the like say themselves; anything else that is no plain object is named only.
  if (Object.getPrototypeOf(value) !== Object.prototype)
    return 'toJSON' in value ? clean(JSON.stringify(value)) : `[${value.constructor.name}]`
  return Object.fromEntries(Object.entries(value).map(([inner, one]) => [inner, cutFact(inner, one, clean, depth + 1)]))
}

/** An error's type, words and place; not its other members: PostgreSQL's `detail` holds the row, a vendor's its answer. */
function cutError(error: Error, clean: (text: string) => string, depth: number): Record<string, unknown> {
  const { cause } = error
  return {
    type: error.name,
    message: clean(error.message),
    ...('code' in error && typeof error.code === 'string' && { errorCode: clean(error.code) }),
    ...(error.stack !== undefined && { stack: clean(error.stack) }),
    ...(cause instanceof Error && depth < 3 && { cause: cutError(cause, clean, depth + 1) }),
  }
}
