import sql from 'sql-template-tag'
import type { Queryable } from './database.ts'
import type { Transaction } from './transaction.ts'

export interface AuditEntry {
  actorKind: 'customer' | 'staff' | 'operator' | 'system' | 'gateway'
  actorId?: string | undefined
  /** What was done: `booking.confirmed`. */
  action: string
  /** To what kind of thing, and to which. */
  subject: string
  subjectId: string
  businessId?: string | undefined
  details?: Record<string, unknown>
}

/** Writes who did what in the transaction that does it. Entries are final. */
export async function audit(tx: Transaction, entry: AuditEntry): Promise<void> {
  await tx.run(sql`
    insert into audit_entry (actor_kind, actor_id, action, subject, subject_id, business_id, details)
    values (${entry.actorKind}, ${entry.actorId ?? null}, ${entry.action}, ${entry.subject}, ${entry.subjectId}, ${entry.businessId ?? null}, ${entry.details ?? {}})`)
}

export interface AuditLine {
  id: string
  at: Temporal.Instant
  actorKind: AuditEntry['actorKind']
  action: string
  details: Record<string, unknown>
}

/** What was done to these things, oldest first; at most two hundred lines, the latest ones. */
export async function auditOf(db: Queryable, subjectIds: string[]): Promise<AuditLine[]> {
  const latest = await db.rows<AuditLine>(sql`
    select id, at, actor_kind, action, details from audit_entry where subject_id = any(${subjectIds}::uuid[]) order by at desc, id desc limit 200`)
  return latest.toReversed()
}
