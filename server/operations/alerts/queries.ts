import { type Queryable, sql } from '#database'
import type { Sample } from './samples.ts'

/* Every instant is handed in: the watch has a clock of its own, so that a test can let hours pass. */

export type Severity = 'page' | 'ticket'

export interface AlertRow {
  id: string
  name: string
  severity: Severity
  labels: Record<string, string>
  since: Temporal.Instant
  firedAt: Temporal.Instant | null
  notifiedAt: Temporal.Instant | null
  resolvedAt: Temporal.Instant | null
}

/** A process that has not been seen for longer is thought to have ended. */
const livesSeconds = 100
/** Long enough for the longest window; what is older than a working day is kept every tenth minute. */
const keptHours = 74
const denseHours = 7

export async function keepSample(db: Queryable, process: string, now: Temporal.Instant, figures: Sample): Promise<void> {
  await db.run(sql`
    insert into metric_sample (process, at, figures) values (${process}, ${now}, ${figures}) on conflict (process, at) do update set figures = excluded.figures`)
}

/** Deletes at most this many a time: the watch must not be what the database is busy with. */
export async function forgetSamples(db: Queryable, now: Temporal.Instant, limit = 500): Promise<void> {
  await db.run(sql`
    delete from metric_sample where (process, at) in (
      select process, at from metric_sample
      where at < ${now}::timestamptz - ${denseHours} * interval '1 hour'
        and (at < ${now}::timestamptz - ${keptHours} * interval '1 hour' or extract(minute from at)::integer % 10 <> 0)
      limit ${limit})`)
}

/** The newest sample of each process that lives. */
export async function newestSamples(db: Queryable, now: Temporal.Instant): Promise<Sample[]> {
  const rows = await db.rows<{ figures: Sample }>(sql`
    select distinct on (process) figures from metric_sample
    where at > ${now}::timestamptz - ${livesSeconds} * interval '1 second' and at <= ${now} order by process, at desc`)
  return rows.map(({ figures }) => figures)
}

export type WindowEnds = Map<number, { last: Sample; base: Sample | null }[]>

/** Each process at both ends of each window, for those that were seen within it; no base: it began within it. */
export async function windowEnds(db: Queryable, now: Temporal.Instant, windowsSeconds: number[]): Promise<WindowEnds> {
  const ends: WindowEnds = new Map(windowsSeconds.map((seconds) => [seconds, []]))
  if (windowsSeconds.length === 0) return ends
  const rows = await db.rows<{ seconds: number; last: Sample; base: Sample | null }>(sql`
    select w.seconds, l.figures as last, b.figures as base
    from unnest(${windowsSeconds}::integer[]) w (seconds)
    cross join (select process, max(at) as at from metric_sample
      where at > ${now}::timestamptz - ${Math.max(...windowsSeconds)} * interval '1 second' and at <= ${now} group by process) p
    join metric_sample l on l.process = p.process and l.at = p.at
    left join lateral (
      select figures from metric_sample s where s.process = p.process and s.at <= ${now}::timestamptz - w.seconds * interval '1 second'
      order by s.at desc limit 1) b on true
    where p.at > ${now}::timestamptz - w.seconds * interval '1 second'`)
  for (const { seconds, last, base } of rows) ends.get(seconds)?.push({ last, base })
  return ends
}

export interface Holding {
  name: string
  severity: Severity
  labels: Record<string, string>
  forSeconds: number
}

/** After it ceased to hold an alert stays for this long, so that one that comes and goes is told once. */
const clearsAfterSeconds = 60

/** Brings the alerts to what holds now: begins, fires, clears, ends. Safe in any number of processes. */
export async function recordHolding(db: Queryable, now: Temporal.Instant, holding: Holding[]): Promise<void> {
  const names = holding.map(({ name }) => name)
  for (const { name, severity, labels } of holding)
    await db.run(sql`
      insert into alert (name, severity, labels, since) values (${name}, ${severity}, ${labels}, ${now})
      on conflict (name) where resolved_at is null do update set clear_since = null, severity = excluded.severity,
        labels = case when excluded.labels = '{}' then alert.labels else excluded.labels end`)
  await db.run(sql`
    update alert a set fired_at = ${now} from unnest(${names}::text[], ${holding.map(({ forSeconds }) => forSeconds)}::integer[]) h (name, for_seconds)
    where a.name = h.name and a.resolved_at is null and a.fired_at is null and a.since <= ${now}::timestamptz - h.for_seconds * interval '1 second'`)
  await db.run(sql`delete from alert where fired_at is null and resolved_at is null and not (name = any(${names}::text[]))`)
  await db.run(sql`
    update alert set clear_since = ${now} where resolved_at is null and clear_since is null and not (name = any(${names}::text[]))`)
  await db.run(sql`
    update alert set resolved_at = ${now} where resolved_at is null and clear_since <= ${now}::timestamptz - ${clearsAfterSeconds} * interval '1 second'`)
}

export interface DueTelling extends AlertRow {
  /** It is over, and the operator was told that it was not. */
  over: boolean
}

/** Takes what the operator is to be told now; for a minute nobody else does. A page is told again every hour, a ticket every day. */
export function takeTellings(db: Queryable, now: Temporal.Instant): Promise<DueTelling[]> {
  return db.rows(sql`
    update alert set telling_until = ${now}::timestamptz + interval '1 minute'
    where (telling_until is null or telling_until <= ${now}) and case
      when resolved_at is not null then notified_at is not null and resolution_told_at is null and resolved_at > ${now}::timestamptz - interval '1 day'
      else fired_at is not null and (notified_at is null or notified_at <= ${now}::timestamptz - case severity when 'page' then interval '1 hour' else interval '1 day' end) end
    returning id, name, severity, labels, since, fired_at, notified_at, resolved_at, resolved_at is not null as over`)
}

export async function noteTold(db: Queryable, now: Temporal.Instant, told: DueTelling[]): Promise<void> {
  const idsOf = (over: boolean) => told.filter((one) => one.over === over).map(({ id }) => id)
  await db.run(sql`update alert set notified_at = ${now}, telling_until = null where id = any(${idsOf(false)}::uuid[])`)
  await db.run(sql`update alert set resolution_told_at = ${now}, telling_until = null where id = any(${idsOf(true)}::uuid[])`)
}

/** Those that fire, pages first, then what ended within a day. */
export function listAlerts(db: Queryable): Promise<AlertRow[]> {
  return db.rows(sql`
    select id, name, severity, labels, since, fired_at, notified_at, resolved_at from alert
    where fired_at is not null and (resolved_at is null or resolved_at > now() - interval '1 day')
    order by resolved_at is not null, severity, since limit 200`)
}
