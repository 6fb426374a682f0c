import sql from 'sql-template-tag'
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
