import { type Queryable, sql } from '#database'
import type { CallErrorType } from '#external-calls'
import type { Via } from './conclude.ts'

/** The latest answers about one attempt that are kept. */
const kept = 20

export interface PaymentCheck {
  paymentId: string
  askedAt: Temporal.Instant
  via: Via
  /** The page's state at the gateway, `no_page`, or `no_answer`. */
  answer: string
  errorType: CallErrorType | null
}

export async function keepCheck(db: Queryable, { paymentId, via, answer, errorType }: Omit<PaymentCheck, 'askedAt'>): Promise<void> {
  await db.run(sql`
    with written as (insert into payment_check (payment_id, via, answer, error_type) values (${paymentId}, ${via}, ${answer}, ${errorType}))
    delete from payment_check where payment_id = ${paymentId}
      and id in (select id from payment_check where payment_id = ${paymentId} order by id desc offset ${kept - 1})`)
}

/** Newest first. */
export function findChecks(db: Queryable, paymentIds: string[]): Promise<PaymentCheck[]> {
  return db.rows(sql`
    select payment_id, asked_at, via, answer, error_type from payment_check where payment_id = any(${paymentIds}::uuid[]) order by payment_id, id desc`)
}
