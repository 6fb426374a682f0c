import type { Text } from './text.ts'

/** What can go wrong and be said: the status, and a sentence in both languages. */
export interface ProblemKind {
  readonly status: number
  readonly title: Text
  /** Said when the same request may succeed later without a change. */
  readonly retryable?: boolean
}

/** A failure the client is told of, as RFC 9457 asks: a stable code and a sentence. Anything else is a 500 without detail. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: string
  readonly kind: ProblemKind
  readonly members: Readonly<Record<string, unknown>>
  readonly retryAfterSeconds: number | undefined

  constructor(code: string, kind: ProblemKind, members: Record<string, unknown> = {}, retryAfterSeconds?: number) {
    super(kind.title.en)
    this.code = code
    this.kind = kind
    this.members = members
    this.retryAfterSeconds = retryAfterSeconds
  }
}

const catalogue = new Map<string, ProblemKind>()

/** Every code of the house, for the generated reference. Modules add theirs by `defineProblems`. */
export function allProblems(): ReadonlyMap<string, ProblemKind> {
  return catalogue
}

type Raise = (members?: Record<string, unknown>, retryAfterSeconds?: number) => Problem

/** Declares a module's problems once; gives one function for each that makes the error to throw. A code is never declared twice. */
export function defineProblems<Code extends string>(kinds: Record<Code, ProblemKind>): Record<Code, Raise> {
  const raise = {} as Record<Code, Raise>
  for (const code of Object.keys(kinds) as Code[]) {
    if (catalogue.has(code)) throw new Error(`The problem code ${code} is declared twice.`)
    const kind = kinds[code]
    catalogue.set(code, kind)
    raise[code] = (members, retryAfterSeconds) => new Problem(code, kind, members, retryAfterSeconds)
  }
  return raise
}
