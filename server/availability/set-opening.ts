import { bulkSql, sql, type Transaction } from '#database'
import type { Text, TimeRange } from '#foundation'

/** Whose opening it is: a branch's, or, with a resource, that resource's own. */
export interface Whose {
  businessId: string
  branchId: string
  resourceId?: string
}

export interface WeeklyHours {
  kind: 'open' | 'break'
  /** 1 is Monday and 7 is Sunday. */
  weekdays: number[]
  /** Minutes past midnight on the clock of the branch. */
  startMinute: number
  lengthMinutes: number
}

/** Replaces all weekly hours and breaks of a branch or of one resource. */
export async function setWeeklyHours(tx: Transaction, { businessId, branchId, resourceId }: Whose, hours: WeeklyHours[]): Promise<void> {
  await tx.run(
    sql`delete from opening_rule where business_id = ${businessId} and branch_id = ${branchId} and resource_id is not distinct from ${resourceId ?? null}::uuid`,
  )
  const rules = hours.flatMap(({ kind, weekdays, startMinute, lengthMinutes }) =>
    weekdays.map((weekday) => [businessId, branchId, resourceId ?? null, kind, weekday, startMinute, lengthMinutes]),
  )
  if (rules.length === 0) return
  await tx.run(
    sql`insert into opening_rule (business_id, branch_id, resource_id, kind, weekday, start_minute, length_minutes) values ${bulkSql(rules)}`,
  )
}

/** A date on other hours; without hours it is closed. Replaces what was written for that date. */
export async function setSpecialDay(
  tx: Transaction,
  { businessId, branchId, resourceId }: Whose,
  { date, hours, reason }: { date: Temporal.PlainDate; hours: { startMinute: number; lengthMinutes: number }[]; reason: Text },
): Promise<void> {
  await tx.run(sql`
    delete from special_day
    where business_id = ${businessId} and branch_id = ${branchId} and resource_id is not distinct from ${resourceId ?? null}::uuid and date = ${date.toString()}`)
  const spans = hours.length > 0 ? hours : [{ startMinute: null, lengthMinutes: null }]
  const days = spans.map(({ startMinute, lengthMinutes }) => [
    businessId,
    branchId,
    resourceId ?? null,
    date.toString(),
    startMinute,
    lengthMinutes,
    reason.ar,
    reason.en,
  ])
  await tx.run(
    sql`insert into special_day (business_id, branch_id, resource_id, date, start_minute, length_minutes, reason_ar, reason_en) values ${bulkSql(days)}`,
  )
}

/** A stretch in which nothing is offered: a leave, a repair. What is booked in it stays. */
export async function addClosure(
  tx: Transaction,
  { businessId, branchId, resourceId }: Whose,
  { during, reason }: { during: TimeRange; reason: Text },
): Promise<void> {
  await tx.run(sql`
    insert into closure (business_id, branch_id, resource_id, during, reason_ar, reason_en)
    values (${businessId}, ${branchId}, ${resourceId ?? null}, ${during}, ${reason.ar}, ${reason.en})`)
}
