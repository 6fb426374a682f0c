import { CallFailure } from '#external-calls'
import { findChargebacks } from './chargebacks.ts'
import { examineCharge, examineUnlisted } from './examine-charge.ts'
import { followStates, resolveAgreeing } from './difference-queries.ts'
import { problems } from './errors.ts'
import type { GatewayCharge, GatewayWindow } from './gateway.ts'
import type { PaymentNeeds } from './needs.ts'
import { compareCharge, wasMoney } from './compare-charge.ts'
import {
  beginRun,
  databaseIdentity,
  endRun,
  findKnown,
  findUnlisted,
  type KnownCharge,
  readStanding,
  type ReconciliationRow,
  type Standing,
} from './reconciliation-queries.ts'

/** Every day, and at once after a restart, a restore or a failover. */
const everyHours = 24
const afterStartHours = 1
/** A run that did not get through is begun again after this long. */
const againMinutes = 10
/** Each run goes over the last day of the one before it again; the first, and the one after a restore, this far back. */
const overlapHours = 24
const furthestDays = 35
/** Their clock need not be ours. */
const skewMinutes = 1

/** Forty charges a page: as much as one run looks at. What is beyond leaves the run incomplete, and the alarm on its age rings. */
const mostPages = 500
const mostUnlisted = 500

export interface ReconcileAsk {
  by: string | null
  /** Begins nothing more after this long. */
  budgetMs: number
}

/** Compares if it is time to; `fresh` when this process has just started. Null: it is not, or somebody else does. */
export async function reconcileWhenDue(needs: PaymentNeeds, fresh: boolean): Promise<ReconciliationRow | null> {
  const standing = await readStanding(needs.database)
  if (!isDue(standing, await databaseIdentity(needs.database), fresh)) return null
  return (await run(needs, standing, { by: null, budgetMs: 600_000 })) ?? null
}

/** Compares now. Throws reconciliation_running. */
export async function reconcileNow(needs: PaymentNeeds, ask: ReconcileAsk): Promise<ReconciliationRow> {
  const row = await run(needs, await readStanding(needs.database), ask)
  if (!row) throw problems.reconciliation_running({}, 5)
  return row
}

export function isDue({ now, lastStartedAt, lastComplete }: Standing, identity: string, fresh: boolean): boolean {
  const olderThan = (at: Temporal.Instant, duration: Temporal.DurationLike) => Temporal.Instant.compare(at.add(duration), now) <= 0
  if (lastStartedAt !== null && !fresh && !olderThan(lastStartedAt, { minutes: againMinutes })) return false
  if (lastComplete === null || lastComplete.databaseIdentity !== identity) return true
  return olderThan(lastComplete.finishedAt, { hours: fresh ? afterStartHours : everyHours })
}

export function windowOf({ now, lastComplete }: Standing, identity: string): GatewayWindow {
  const furthest = now.subtract({ hours: furthestDays * 24 })
  const known = lastComplete?.databaseIdentity === identity ? lastComplete.toAt.subtract({ hours: overlapHours }) : furthest
  return { from: Temporal.Instant.compare(known, furthest) < 0 ? furthest : known, to: now.add({ minutes: skewMinutes }) }
}

async function run(needs: PaymentNeeds, standing: Standing, { by, budgetMs }: ReconcileAsk): Promise<ReconciliationRow | undefined> {
  const { database, log } = needs
  const identity = await databaseIdentity(database)
  const window = windowOf(standing, identity)
  const row = await beginRun(database, { window, identity, by, leaseMs: budgetMs + 60_000 })
  if (!row) return undefined
  const tally = { complete: true, seen: 0, repaired: 0, opened: 0, error: null as string | null }
  try {
    await compareAll(needs, window, performance.now() + budgetMs, tally)
  } catch (error) {
    tally.complete = false
    tally.error = error instanceof CallFailure ? error.facts.errorType : 'fault'
    log.error(
      { event: 'reconciliation', err: error, reconciliation: row.id },
      'The gateway’s list could not be compared with ours and will be again.',
    )
  }
  const { complete, seen, repaired, opened } = tally
  if (opened > 0) log.error({ event: 'reconciliation', seen, repaired, opened }, 'The gateway’s word and ours differ: a person must look.')
  else log.info({ event: 'reconciliation', complete, seen, repaired }, 'The gateway’s list was compared with ours.')
  return endRun(database, row.id, tally)
}

type Tally = Pick<ReconciliationRow, 'complete' | 'seen' | 'repaired' | 'opened'>

async function compareAll(needs: PaymentNeeds, window: GatewayWindow, endsAt: number, tally: Tally): Promise<void> {
  const listed = new Set<string>()
  let cursor: string | null = null
  for (let pages = 0; ; pages++) {
    if (pages === mostPages || performance.now() > endsAt) {
      tally.complete = false
      break
    }
    const page: { charges: GatewayCharge[]; next: string | null } = await needs.surfaced(
      { provider: needs.gateway.name, operation: 'list-payments', timeoutMs: needs.settings.timeoutMs },
      (signal) => needs.gateway.listCharges(window, cursor, signal),
    )
    const fresh = page.charges.filter(({ id }) => !listed.has(id))
    for (const { id } of fresh) listed.add(id)
    await comparePage(needs, fresh, endsAt, tally)
    cursor = page.next
    if (cursor === null) break
  }
  // Only a whole list says what is not on it.
  if (tally.complete) await compareUnlisted(needs, window, [...listed], endsAt, tally)
  const chargebacks = await findChargebacks(needs, window, endsAt)
  tally.opened += chargebacks.opened
  if (!chargebacks.complete) tally.complete = false
  tally.opened += await followStates(needs.database)
}

async function comparePage(needs: PaymentNeeds, charges: readonly GatewayCharge[], endsAt: number, tally: Tally): Promise<void> {
  tally.seen += charges.length
  const known = new Map((await findKnown(needs.database, charges)).map((row) => [row.chargeId, row]))
  const agreeing: string[] = []
  for (const charge of charges) {
    const ours = known.get(charge.id)
    if (!ours || agrees(ours, charge)) agreeing.push(charge.id)
    else if (performance.now() > endsAt) tally.complete = false
    else if (count(tally, await examineCharge(needs, charge, ours))) agreeing.push(charge.id)
  }
  await resolveAgreeing(needs.database, agreeing)
}

/** Nothing to look into: the usual case, told without another question to anyone. */
function agrees(ours: KnownCharge, charge: GatewayCharge): boolean {
  if (ours.paymentId === null && !ours.isReturned) return !wasMoney(charge) || ours.isWrittenOff
  const { amountMinor, currency } = ours
  return compareCharge({ ...ours, paid: amountMinor !== null && currency !== null ? { amountMinor, currency } : null }, charge) === null
}

async function compareUnlisted(needs: PaymentNeeds, window: GatewayWindow, listed: string[], endsAt: number, tally: Tally): Promise<void> {
  const unlisted = await findUnlisted(needs.database, window, listed, mostUnlisted)
  if (unlisted.length === mostUnlisted) tally.complete = false
  const agreeing: string[] = []
  for (const { chargeId, paymentId } of unlisted) {
    if (performance.now() > endsAt) tally.complete = false
    else if (count(tally, await examineUnlisted(needs, chargeId, paymentId)) && chargeId !== null) agreeing.push(chargeId)
  }
  await resolveAgreeing(needs.database, agreeing)
}

/** Whether nothing is left to do about it. */
function count(tally: Tally, found: Awaited<ReturnType<typeof examineCharge>>): boolean {
  if (found === 'unsure') tally.complete = false
  if (found === 'repaired') tally.repaired += 1
  if (found === 'opened') tally.opened += 1
  return found === 'agrees' || found === 'repaired'
}
