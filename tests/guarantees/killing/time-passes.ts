import { type Database, sql } from '../../../server/database/index.ts'

/** Instants that are written down while the house works. The times of visits are not among them: those people keep. */
const instants: Record<string, readonly string[]> = {
  booking: ['expires_at', 'created_at', 'updated_at', 'tell_at'],
  claim: ['held_until', 'created_at'],
  payment: ['created_at', 'updated_at', 'expires_at', 'next_check_at', 'calling_until', 'last_checked_at'],
  refund: ['next_try_at', 'created_at', 'updated_at'],
  webhook_event: ['received_at', 'processed_at', 'next_try_at'],
  notification: ['lease_until', 'next_attempt_at', 'created_at', 'ended_at', 'redrive_at', 'delivery_at', 'follow_up_at'],
  notification_attempt: ['started_at', 'finished_at'],
  delivery_report: ['received_at', 'merged_at', 'look_at'],
  idempotency_key: ['locked_until', 'created_at'],
  code_challenge: ['created_at', 'expires_at'],
  code_pause: ['until'],
  payment_check: ['asked_at'],
  money_difference: ['opened_at', 'last_seen_at', 'resolved_at'],
  reconciliation: ['started_at', 'lease_until', 'from_at', 'to_at', 'finished_at'],
}

/**
 * Lets time pass for house and vendors, in an instant. The database's clock, which decides everything, cannot be moved;
 * so all that it has written down moves into the past by as much. The vendors' clock goes forward instead.
 */
export async function timePasses(database: Database, simulatorsUrl: string, ms: number): Promise<void> {
  const client = await database.pool.connect()
  try {
    const statements = Object.entries(instants).map(
      ([table, columns]) =>
        `update ${table} set ${columns.map((column) => `${column} = ${column} - interval '${Math.round(ms)} milliseconds'`).join(', ')};`,
    )
    await client.query(`begin; ${statements.join(' ')} commit`)
  } finally {
    client.release()
  }
  await fetch(`${simulatorsUrl}/play/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ advanceMs: Math.round(ms) }),
  })
}

/** What still waits for something: the house is at rest when there is none. */
async function stillOpen(database: Database): Promise<string[]> {
  const rows = await database.rows<{ what: string }>(sql`
    select 'booking ' || status as what from booking where status = 'held'
    union all select 'payment ' || state from payment where state in ('intent', 'unknown', 'redirected')
    union all select 'refund ' || state from refund where state in ('due', 'sent', 'unknown')
    union all select 'notification' from notification where state = 'PENDING'
    union all select 'message that is to go again' from notification where redrive_at is not null
    union all select 'delivery report' from delivery_report where merged_at is null
    union all select 'webhook' from webhook_event where processed_at is null`)
  return rows.map(({ what }) => what)
}

/** How much passes between looks: the leases of the dead, the gateway's repeats, the page's time, the hold's, the last chance. */
const pausesMs = [0, 31_000, 65_000, 300_000, 400_000, 600_000, 1_200_000]

/** Lets the house work and time pass until nothing waits. Resolves with what waits for good. */
export async function untilAtRest(
  database: Database,
  house: { timePasses(ms: number): Promise<void>; sweep(): Promise<void> },
): Promise<string[]> {
  let open: string[] = []
  for (const ms of pausesMs) {
    if (ms > 0) await house.timePasses(ms)
    await house.sweep()
    open = await stillOpen(database)
    if (open.length === 0) break
  }
  return open
}
