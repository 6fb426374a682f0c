/** What no answer may be, whatever was asked. */
import type { Contract } from './contract.ts'
import type { Request } from './request.ts'
import type { Answer } from './send.ts'

export interface Expected {
  /** Why the contract does not take the request; null when it does. */
  refusal: string | null
  /** Whether the actor proved who they are. */
  signedIn: boolean
  language: 'ar' | 'en'
  /** All that was sent, in one text: what stands in it may come back. */
  said: string
}

export interface Judge {
  contract: Contract
  /** The status and titles of every problem code. */
  problems: ReadonlyMap<string, { status: number; title: { ar: string; en: string } }>
  mostMs: number
}

interface ProblemAnswer {
  type?: unknown
  title?: unknown
  status?: unknown
  code?: unknown
  instance?: unknown
}

const inside = [
  /\bat \S+ \(.*:\d+:\d+\)/,
  /node_modules|node:internal/,
  /\bselect\b.+\bfrom\b/i,
  /insert into|update \w+ set|syntax error|duplicate key|violates|relation "|column "|invalid input/i,
  /\b(Type|Range|Syntax|Reference|Database)Error\b/,
  /ECONN|postgres|\/server\//i,
]

/** Every fault of one answer, a sentence each. */
export function faultsOf(judge: Judge, request: Request, expected: Expected, answer: Answer): string[] {
  const { status, headers, text } = answer
  const faults: string[] = []
  const contentType = headers['content-type'] ?? ''
  if (status === 0) return [`The connection was cut without an answer (${text}).`]
  if (status >= 500) faults.push(`It answered ${status}.`)
  if (answer.tookMs > judge.mostMs) faults.push(`It took ${Math.round(answer.tookMs)} ms.`)
  if (expected.refusal !== null && (status < 400 || status > 499)) faults.push(`It answered ${status} although ${expected.refusal}.`)
  if (request.operation.secured && !expected.signedIn && status < 400) faults.push(`It answered ${status} to someone who is not signed in.`)
  const leaked = inside.map((pattern) => pattern.exec(text)?.[0]).find((found) => found !== undefined && !expected.said.includes(found))
  if (leaked !== undefined && !contentType.startsWith('text/calendar')) faults.push(`It shows its inside: ${leaked.slice(0, 80)}`)
  if (headers['cache-control'] !== 'no-store') faults.push('It may be stored on the way.')
  if (headers['x-content-type-options'] === undefined) faults.push('It lacks nosniff.')

  if (request.method === 'HEAD') return faults
  const parsed = parse(text, contentType)
  if (parsed === undefined) return [...faults, 'It says JSON and is none.']
  const undocumented = judge.contract.faultOfAnswer(request.operation, status, contentType, parsed)
  if (undocumented !== null) faults.push(undocumented)
  if (status >= 400) faults.push(...faultsOfProblem(judge, expected, answer, parsed as ProblemAnswer))
  return faults
}

function parse(text: string, contentType: string): unknown {
  if (!/json/.test(contentType)) return text
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function faultsOfProblem({ problems }: Judge, { language }: Expected, { status, headers }: Answer, problem: ProblemAnswer): string[] {
  const faults: string[] = []
  const known = problems.get(String(problem.code))
  if (!known) return [`Its code ${String(problem.code)} is in no catalogue.`]
  if (known.status !== status || problem.status !== status)
    faults.push(
      `The status ${status} is not that of ${String(problem.code)} (${known.status}) and of the body (${String(problem.status)}).`,
    )
  if (!String(problem.type).endsWith(`/${String(problem.code)}`)) faults.push('The type does not name the code.')
  // What was told before is told again as it was; headers too long to read say nothing of a language.
  const replayed = headers['idempotent-replayed'] !== undefined || status === 431
  if (!replayed && problem.title !== known.title[language]) faults.push(`The title is not the one in ${language}.`)
  if (!replayed && headers['x-request-id'] !== problem.instance) faults.push('The instance is not the request.')
  if (status === 405 && !headers.allow) faults.push('It does not say which methods are allowed.')
  if (status === 429 && !headers['retry-after']) faults.push('It does not say when to come again.')
  return faults
}
