import { type Database, sql } from '#database'
import { cutPersonal } from '#foundation'
import type { CallFailureFacts } from './call-failure.ts'
import type { ClaimedCall } from './claim-absorbed.ts'
import type { Asked, StandIn } from './delivery.ts'
import { classOf, type ErrorClass } from './error-class.ts'

export interface End {
  state: 'PENDING' | 'SENT' | 'FAILED' | 'SKIPPED'
  reason: string | null
  errorClass: ErrorClass | null
  /** Of PENDING: until the next round. */
  pauseMs?: number
  /** Whether the round was a try. */
  counted?: boolean
  standIn?: StandIn | null
}

/** Nobody knows whether the vendor took it. By then the vendor should: it reported, or it can be asked. */
const askAfterMs = 120_000

const attemptEnd = ({ failure, providerMessageId }: Omit<Asked, 'delivery' | 'attemptId'>) =>
  sql`finished_at = now(), result = ${failure?.outcome ?? 'ok'}, error_type = ${failure?.errorType ?? null}, error_class = ${failure ? classOf(failure) : null},
    detail = ${failure ? detailOf(failure) : null}, provider_message_id = ${providerMessageId}`

/** Closes the record of a vendor that failed before the next one is asked. */
export async function closeAttempt(database: Database, asked: Asked): Promise<void> {
  await database.run(sql`update notification_attempt set ${attemptEnd(asked)} where id = ${asked.attemptId}`)
}

/**
 * The last attempt, what follows from it, and the message that stands in for it, in one statement: together or not at all.
 * Nothing changes if the claim has meanwhile passed to another. Resolves with the id of the stand-in, or null.
 */
export async function finish(
  database: Database,
  call: ClaimedCall,
  end: End,
  last?: Asked,
): Promise<{ changed: boolean; standInId: string | null }> {
  const { standIn = null, pauseMs = 0, counted = false } = end
  const pending = end.state === 'PENDING'
  const ambiguous = end.state === 'FAILED' && end.errorClass === 'ambiguous'
  const row = await database.row<{ changed: number; standInId: string | null }>(sql`
    with attempt as (
      update notification_attempt set ${attemptEnd(last ?? { failure: null, providerMessageId: null })} where id = ${last?.attemptId ?? null}
    ), ended as (
      update notification set state = ${end.state}, reason = ${end.reason}, error_class = ${end.errorClass}, lease_until = null,
        tries = tries + ${counted ? 1 : 0},
        next_attempt_at = ${pending ? sql`now() + ${pauseMs} * interval '1 millisecond'` : sql`next_attempt_at`},
        ended_at = ${pending ? sql`null` : sql`now()`},
        follow_up_at = ${ambiguous ? sql`now() + ${askAfterMs} * interval '1 millisecond'` : sql`null`}
      where id = ${call.id} and state = 'PENDING' and attempts = ${call.attempts}
      returning *
    ), kept_back as (
      insert into notification_attempt (notification_id, provider, finished_at, result, error_type, error_class, detail)
      select id, ${last?.delivery.provider ?? ''}, now(), ${last?.failure?.outcome ?? null}, ${last?.failure?.errorType ?? null}, ${end.errorClass}, ${last?.failure ? detailOf(last.failure) : null}
      from ended where ${!pending && last !== undefined && last.failure !== null && last.attemptId === null}
    ), stand_in as (
      insert into notification (business_id, about_id, kind, version, occasion, channel, recipient, phone, locale, data, not_after, trace_parent, stands_in_for)
      select business_id, about_id, kind, version, occasion, ${standIn?.channel ?? ''}, ${standIn?.recipient ?? ''}, phone, locale, data, not_after, trace_parent, id
      from ended where ${standIn !== null}
      on conflict (about_id, kind, version, occasion, channel, recipient) do nothing
      returning id
    )
    select (select count(*) from ended) as changed, (select id from stand_in) as stand_in_id`)
  return { changed: row?.changed === 1, standInId: row?.standInId ?? null }
}

function detailOf({ providerCode, detail }: CallFailureFacts): string | null {
  const words = [providerCode, detail].filter(Boolean).join(' · ')
  // A vendor may quote the number back to us; it stays out of what is kept and shown.
  return words === '' ? null : cutPersonal(words).slice(0, 240)
}

export function reasonOf(failure: CallFailureFacts): string {
  return [`${failure.outcome}: ${failure.errorType}`, detailOf(failure)].filter(Boolean).join(' · ')
}
