import { type Database, insideTransaction, type Queryable, sql } from '#database'
import type { Attempt } from './calls.ts'
import { CallFailure, type CallFailureFacts } from './call-failure.ts'

/** A promised call, claimed by lease: until `leaseUntil` nobody else delivers it. */
export interface ClaimedCall {
  id: string
  businessId: string
  aboutId: string
  kind: string
  version: number
  channel: string
  recipient: string
  locale: 'ar' | 'en'
  data: Record<string, unknown>
  attempts: number
}

export interface Delivery {
  provider: string
  /** Sends it; throws CallFailure. Resolves with the vendor's own id of the message. */
  send(signal: AbortSignal): Promise<{ providerMessageId: string | null }>
}

export interface DeliverNeeds {
  database: Database
  attempt: Attempt
  timeoutMs: number
  leaseMs: number
  /** How to send this one; or why it is not to be sent any more (it then ends SKIPPED). */
  prepare(call: ClaimedCall): Promise<Delivery | { skip: string }>
  onAttempt?(call: ClaimedCall, provider: string, failure: CallFailureFacts | null): void
  onEnd?(call: ClaimedCall, state: 'SENT' | 'FAILED' | 'SKIPPED', reason: string | null): void
}

/**
 * Claims pending calls by lease, `ids` of them or the `limit` oldest due, skipping what others hold. A claim is a lease
 * and not a state: a process that dies between claim and send gives its calls back by the passing of time.
 */
export function claimAbsorbed(database: Queryable, leaseMs: number, which: { ids: string[] } | { limit: number }): Promise<ClaimedCall[]> {
  const chosen = 'ids' in which ? sql`id = any(${which.ids}::uuid[])` : sql`true`
  const limit = 'ids' in which ? which.ids.length : which.limit
  return database.rows<ClaimedCall>(sql`
    update notification set lease_until = now() + ${leaseMs} * interval '1 millisecond', attempts = attempts + 1
    where id in (
      select id from notification
      where state = 'PENDING' and next_attempt_at <= now() and (lease_until is null or lease_until <= now()) and ${chosen}
      order by next_attempt_at limit ${limit} for update skip locked)
    returning id, business_id, about_id, kind, version, channel, recipient, locale, data, attempts`)
}

/** Delivers one claimed call: one attempt, its record, its end. Never throws for what a vendor did. */
export async function deliverAbsorbed(needs: DeliverNeeds, call: ClaimedCall): Promise<void> {
  if (insideTransaction()) throw new Error('A notification was delivered inside a transaction.')
  const { database } = needs
  const delivery = await needs.prepare(call)
  if ('skip' in delivery) return end(needs, call, 'SKIPPED', delivery.skip)

  const attemptId = (
    await database.row<{ id: string }>(sql`insert into notification_attempt (notification_id, provider) values (${call.id}, ${delivery.provider}) returning id`)
  )?.id
  let failure: CallFailureFacts | null = null
  let providerMessageId: string | null = null
  try {
    const sent = await needs.attempt({ provider: delivery.provider, operation: 'send-message', timeoutMs: needs.timeoutMs }, (signal) => delivery.send(signal))
    providerMessageId = sent.providerMessageId
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error
    failure = error.facts
  }
  await database.run(sql`
    update notification_attempt set finished_at = now(), result = ${failure?.outcome ?? 'ok'}, error_type = ${failure?.errorType ?? null},
      detail = ${failure?.detail ?? failure?.providerCode ?? null}, provider_message_id = ${providerMessageId}
    where id = ${attemptId}`)
  needs.onAttempt?.(call, delivery.provider, failure)
  if (failure) await end(needs, call, 'FAILED', reasonOf(failure))
  else await end(needs, call, 'SENT', null)
}

async function end(needs: DeliverNeeds, call: ClaimedCall, state: 'SENT' | 'FAILED' | 'SKIPPED', reason: string | null): Promise<void> {
  const changed = await needs.database.run(sql`
    update notification set state = ${state}, reason = ${reason}, lease_until = null, ended_at = now() where id = ${call.id} and state = 'PENDING'`)
  if (changed === 1) needs.onEnd?.(call, state, reason)
}

function reasonOf({ outcome, errorType, detail, providerCode }: CallFailureFacts): string {
  return [`${outcome}: ${errorType}`, providerCode, detail].filter(Boolean).join(' · ').slice(0, 300)
}
