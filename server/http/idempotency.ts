import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Database, sql } from '#database'
import { type Log, Problem } from '#foundation'
import { callerOf } from './access.ts'
import { problems } from './errors.ts'
import { problemBody, sendProblem } from './problem-answer.ts'

/** A key is locked this long for the request that works on it; after a crash another may take it over. */
const lockMs = 30_000
/** How long an answer can be had again. */
export const keptHours = 72

interface Kept {
  fingerprint: string
  responseStatus: number | null
  responseBody: { problem: boolean; body: unknown } | null
}

/**
 * Makes a repeat of a request with the same `Idempotency-Key` harmless (IETF draft-ietf-httpapi-idempotency-key-header):
 * missing 400, in flight 409, another body 422, done: the same answer again with `Idempotent-Replayed: true`.
 * What may still change (any 5xx, 429, whatever says it is retryable) is not kept: the same key then runs the work again, and the use cases
 * behind it know their key too, so that the second run continues the first.
 */
export function keepIdempotency(app: FastifyInstance, needs: { database: Database; log: Log }): void {
  app.addHook('onRoute', (route) => {
    const wish = route.config?.idempotency
    if (wish === undefined) return
    if (route.config?.access === 'public')
      throw new Error(`The route ${String(route.method)} ${route.url} keeps answers by account and must not be public.`)
    const handler = route.handler
    route.handler = function (request, reply) {
      const key = request.headers['idempotency-key']
      if (key === undefined && wish === 'optional') return handler.call(this, request, reply)
      if (typeof key !== 'string' || key.length === 0) throw problems.idempotency_key_missing()
      if (key.length > 255 || !/^[\x21-\x7e]+$/.test(key))
        throw problems.invalid_request({ errors: [{ pointer: '#headers/idempotency-key', code: 'pattern' }] })
      return once(needs, key, request, reply, () => handler.call(this, request, reply))
    }
  })
}

async function once(
  needs: { database: Database; log: Log },
  key: string,
  request: FastifyRequest,
  reply: FastifyReply,
  work: () => unknown,
): Promise<unknown> {
  const { database } = needs
  const actor = callerOf(request).accountId
  const fingerprint = createHash('sha256')
    .update(`${request.method} ${request.url}\n${JSON.stringify(sorted(request.body)) ?? ''}`)
    .digest('hex')
  const taken = await takeKey(database, actor, key, fingerprint)
  if ('kept' in taken) {
    const { kept } = taken
    if (kept.fingerprint !== fingerprint) throw problems.idempotency_key_reused()
    if (kept.responseStatus === null || !kept.responseBody) throw problems.idempotency_key_in_use({}, 1)
    void reply.header('idempotent-replayed', 'true')
    if (kept.responseBody.problem) return sendProblem(reply, kept.responseStatus, kept.responseBody.body)
    return reply.code(kept.responseStatus).send(kept.responseBody.body)
  }

  // Only while the lock is still ours: if it ran out and another took the work over, the outcome to keep is theirs.
  const ours = sql`actor = ${actor} and key = ${key} and locked_until = ${taken.lockedUntil} and response_status is null`
  const keep = (status: number, body: { problem: boolean; body: unknown }) =>
    database.run(sql`update idempotency_key set response_status = ${status}, response_body = ${body} where ${ours}`)
  const forget = () => database.run(sql`delete from idempotency_key where ${ours}`)
  try {
    const body = await work()
    await keep(reply.statusCode, { problem: false, body })
    return body
  } catch (error) {
    // A failure to keep or forget must not hide what happened: the lock runs out by itself.
    const final = error instanceof Problem && error.kind.status < 500 && error.kind.status !== 429 && !error.kind.retryable ? error : null
    await (final ? keep(final.kind.status, { problem: true, body: problemBody(final, request) }) : forget()).catch((failure: unknown) =>
      needs.log.warn({ event: 'idempotency_unsettled', err: failure, request: request.id }, 'An idempotency key could not be settled.'),
    )
    throw error
  }
}

/** Takes a fresh key, or one whose holder died; otherwise says what is kept under it. */
async function takeKey(
  database: Database,
  actor: string,
  key: string,
  fingerprint: string,
): Promise<{ lockedUntil: Temporal.Instant } | { kept: Kept }> {
  const taken = await database.row<{ lockedUntil: Temporal.Instant }>(sql`
    insert into idempotency_key (actor, key, fingerprint, locked_until)
    values (${actor}, ${key}, ${fingerprint}, now() + ${lockMs} * interval '1 millisecond')
    on conflict (actor, key) do update set locked_until = excluded.locked_until, fingerprint = excluded.fingerprint, response_status = null, response_body = null, created_at = now()
    where (idempotency_key.response_status is null and idempotency_key.locked_until <= now() and idempotency_key.fingerprint = excluded.fingerprint)
       or idempotency_key.created_at <= now() - ${keptHours} * interval '1 hour'
    returning locked_until`)
  if (taken) return taken
  const kept = await database.row<Kept>(sql`
    select fingerprint, response_status, response_body from idempotency_key where actor = ${actor} and key = ${key}`)
  if (kept) return { kept }
  // It was forgotten between the two statements: whoever held it failed, and we are the next try.
  throw problems.idempotency_key_in_use({}, 1)
}

/** Field order is not part of what a client asks. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, entry]) => [name, sorted(entry)]),
  )
}

/** Removes what is past its time; returns how many. */
export function forgetOldKeys(database: Database): Promise<number> {
  return database.run(
    sql`delete from idempotency_key where ctid in (select ctid from idempotency_key where created_at <= now() - ${keptHours} * interval '1 hour' limit 1000)`,
  )
}
