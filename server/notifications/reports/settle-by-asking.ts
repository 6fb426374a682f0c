import type { Database } from '#database'
import { CallFailure, type Surfaced } from '#external-calls'
import type { Log, Metrics } from '#foundation'
import type { DeliveryReport } from './delivery-report-reader.ts'
import { mergeWaitingReports } from './delivery-reports.ts'
import { settledAmong, unsettledAmong } from './follow-up-queries.ts'
import type { NotificationProvider } from '../notification-provider.ts'
import { keepReports } from './report-queries.ts'

export interface AskNeeds {
  database: Database
  log: Log
  metrics: Metrics
  surfaced: Surfaced
  providers: readonly NotificationProvider[]
  timeoutMs: number
}

/** Asks the vendors of those of which nobody knows whether they were taken. Resolves with those that were; what a vendor does not answer settles nothing. */
export type SettleByAsking = (ids: string[]) => Promise<Set<string>>

export function openSettleByAsking(needs: AskNeeds): SettleByAsking {
  return async (ids) => {
    const unsettled = ids.length === 0 ? [] : await unsettledAmong(needs.database, ids)
    const said = await Promise.all(unsettled.map((one) => askByOurId(needs, one)))
    if (!said.includes(true)) return new Set()
    while ((await mergeWaitingReports(needs)) > 0);
    return new Set(await settledAmong(needs.database, ids))
  }
}

/** Whether the vendor knows the message; what it says is kept before it is acted on. */
async function askByOurId(needs: AskNeeds, { id, provider }: { id: string; provider: string }): Promise<boolean> {
  const vendor = needs.providers.find(({ name }) => name === provider)
  const reports = await ask(needs, id, provider, vendor?.findByOurId && ((signal) => vendor.findByOurId!(id, signal)))
  if (!reports || reports.length === 0) return false
  await keepReports(needs.database, { provider, verified: 'look_up', reports: reports.map((report) => ({ ...report, ourId: id })) })
  return true
}

/** What a vendor says when asked of one message; undefined: it cannot be asked, or did not answer. */
export async function ask(
  { log, surfaced, timeoutMs }: AskNeeds,
  id: string,
  provider: string,
  run: ((signal: AbortSignal) => Promise<DeliveryReport[]>) | undefined,
): Promise<DeliveryReport[] | undefined> {
  if (!run) return undefined
  try {
    return await surfaced({ provider, operation: 'find-message', timeoutMs }, run)
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error
    log.warn(
      { event: 'notification_not_asked', notification: id, provider, errorType: error.facts.errorType },
      'The vendor did not answer.',
    )
    return undefined
  }
}
