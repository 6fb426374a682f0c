/** Sends what was planned, several at a time, and judges every answer. */
import { randomUUID } from 'node:crypto'
import * as fc from 'fast-check'
import type { Contract, Operation } from './contract.ts'
import { faultsOf, type Judge } from './judge.ts'
import { type Plan, planOf } from './mutations.ts'
import { addressOf, refusalReason, type Request, textOfBody } from './request.ts'
import { type Answer, openWire, type Sent, type Wire } from './send.ts'

/** What exists where the requests are sent to. */
export interface Stage {
  /** Requests that lead somewhere: values of what exists, by picks among it. Null where nothing does. */
  linked(
    operation: Operation,
    pick: (choices: number) => number,
  ): { path?: Record<string, string>; query?: Record<string, string>; body?: unknown; headers?: [string, string][] } | null
  /** Who sends it. */
  actorFor(operation: Operation, pick: number): string
  /** An actor's header; null for one who shows none. The word `token` only of those who prove who they are. */
  authorization(actor: string, operation: Operation): { header: string | null; proves: boolean }
  /** Every answer, so that what it made can be used. */
  heard(request: Request, answer: Answer): void
  openQueries: ReadonlySet<string>
}

export interface FuzzOptions {
  baseUrl: string
  contract: Contract
  problems: Judge['problems']
  stage: Stage
  seed: number
  requests: number
  connections?: number
  mostMs?: number
}

export interface FuzzReport {
  sent: number
  statuses: Record<string, number>
  mutations: Record<string, number>
  /** Answers of 2xx and all answers, by operation. */
  operations: Record<string, { good: number; sent: number }>
  refusalsDue: number
  faults: { sentence: string; times: number; example: string }[]
}

const languages: [header: string | undefined, spoken: 'ar' | 'en'][] = [
  [undefined, 'ar'],
  ['ar', 'ar'],
  ['en', 'en'],
  ['en-GB,en;q=0.9', 'en'],
  ['ar-SA,en;q=0.8', 'ar'],
  ['en;q=0.3, ar;q=0.7', 'ar'],
  ['fr, en;q=0.1', 'en'],
  ['zz', 'ar'],
  ['en;q=0', 'ar'],
  [';;q=,', 'ar'],
  ['*', 'ar'],
]

export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { contract, seed, connections = 8 } = options
  const each = Math.ceil(options.requests / contract.operations.length)
  const plans = contract.operations.map((operation, index) => fc.sample(planOf(operation), { seed: seed + index, numRuns: each }))
  // Operations take turns, so that what one makes the others use.
  const order = Array.from({ length: each }, (_, turn) => plans.map((of) => of[turn]!)).flat()
  const report: FuzzReport = {
    sent: 0,
    statuses: {},
    mutations: {},
    operations: Object.fromEntries(contract.operations.map(({ id }) => [id, { good: 0, sent: 0 }])),
    refusalsDue: 0,
    faults: [],
  }
  const wire = openWire(options.baseUrl, connections)
  try {
    await reachEach(options, report, wire)
    await Promise.all(
      Array.from({ length: connections }, async () => {
        for (let plan = order.shift(); plan !== undefined; plan = order.shift()) await one(options, report, plan, wire)
      }),
    )
  } finally {
    wire.close()
  }
  return report
}

/** More than any operation needs, were every choice among what exists made by a die. */
const mostTries = 60

/**
 * Every operation is answered well while all that it needs is still untouched: later, a spoiled request that happens to be
 * a good one may have used it up. In turns, so that what one operation makes the others find.
 */
async function reachEach(options: FuzzOptions, report: FuzzReport, wire: Wire): Promise<void> {
  const waiting = options.contract.operations.map((operation, index) => ({
    operation,
    plans: fc.sample(planOf(operation), { seed: options.seed - index, numRuns: mostTries }),
  }))
  for (let turn = 0; turn < mostTries; turn += 1) {
    for (const { operation, plans } of waiting) {
      if (report.operations[operation.id]!.good > 0) continue
      await one(options, report, { ...plans[turn]!, linked: true, mutation: 'none', spoil: (request) => request }, wire)
    }
  }
}

async function one({ contract, stage, problems, mostMs = 8_000 }: FuzzOptions, report: FuzzReport, plan: Plan, wire: Wire): Promise<void> {
  const request = asAnswered(contract, plan.spoil(goodRequest(stage, plan)))
  const [languageHeader, language] = languages[plan.language % languages.length]!
  const { header, proves } = stage.authorization(request.actor, plan.operation)
  const body = textOfBody(request.body)
  const contentType = request.body.kind === 'raw' ? request.body.contentType : 'application/json'
  const headers: [string, string][] = [
    ...(header === null ? [] : [['authorization', header] as [string, string]]),
    ...(languageHeader === undefined ? [] : [['accept-language', languageHeader] as [string, string]]),
    ...(body === null || contentType === null ? [] : [['content-type', contentType] as [string, string]]),
    ...request.headers,
  ]
  const sent = { method: request.method, address: addressOf(request), headers, body }
  const answer = await wire.send(sent)
  stage.heard(request, answer)

  const refusal = refusalReason(contract, request, stage.openQueries)
  const said = `${sent.address} ${decodeSafely(sent.address)} ${body ?? ''} ${JSON.stringify(request.query)} ${JSON.stringify(request.path)}`
  const faults = faultsOf({ contract, problems, mostMs }, request, { refusal, signedIn: proves, language, said }, answer)
  report.sent += 1
  report.statuses[answer.status] = (report.statuses[answer.status] ?? 0) + 1
  report.mutations[plan.mutation] = (report.mutations[plan.mutation] ?? 0) + 1
  const tally = report.operations[plan.operation.id]!
  tally.sent += 1
  if (answer.status >= 200 && answer.status < 300) tally.good += 1
  if (refusal !== null) report.refusalsDue += 1
  for (const sentence of faults) note(report, `${plan.operation.id}: ${sentence}`, () => told(sent, request, answer))
}

/** With its method spoiled, a request may be a good one of another operation at the same address. */
function asAnswered({ operations }: Contract, request: Request): Request {
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const other = operations.find((operation) => operation.method === method && operation.path === request.operation.path)
  return other ? { ...request, operation: other } : request
}

function goodRequest(stage: Stage, plan: Plan): Request {
  const { operation, madeUp } = plan
  let picked = 0
  const pick = (choices: number) => plan.picks[picked++ % plan.picks.length]! % Math.max(1, choices)
  const linked = plan.linked ? stage.linked(operation, pick) : null
  const text = (values: Record<string, unknown>) => Object.entries(values).map(([name, value]): [string, string] => [name, String(value)])
  const keyed = operation.parameters.some(({ name }) => name === 'idempotency-key')
  const value = linked && 'body' in linked ? linked.body : madeUp.body
  return {
    operation,
    method: operation.method,
    path: Object.fromEntries(text(linked?.path ?? madeUp.path)),
    query: text(linked ? (linked.query ?? {}) : madeUp.query),
    headers: [...(keyed ? [['idempotency-key', randomUUID()] as [string, string]] : []), ...(linked?.headers ?? [])],
    body: operation.body === null ? { kind: 'none' } : { kind: 'json', value },
    actor: stage.actorFor(operation, plan.actorPick),
    mutation: plan.mutation,
  }
}

function note(report: FuzzReport, sentence: string, example: () => string): void {
  const known = report.faults.find((fault) => fault.sentence === sentence)
  if (known) known.times += 1
  else report.faults.push({ sentence, times: 1, example: example() })
}

function told({ method, address, headers, body }: Sent, { mutation, actor }: Request, { status, text }: Answer): string {
  const shown = headers.filter(([name]) => name !== 'authorization').map(([name, value]) => `${name}: ${value.slice(0, 80)}`)
  return `${mutation} by ${actor}: ${method} ${address.slice(0, 300)} [${shown.join(', ')}] ${JSON.stringify(body?.slice(0, 400) ?? '')} → ${status} ${JSON.stringify(text.slice(0, 400))}`
}

function decodeSafely(address: string): string {
  try {
    return decodeURIComponent(address)
  } catch {
    return ''
  }
}
