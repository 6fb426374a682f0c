import { createHash, timingSafeEqual } from 'node:crypto'
import { audit, type Database, transaction } from '#database'
import type { Log, Metrics } from '#foundation'
import { problems as common } from '#http'
import type { DeliveryReport, DeliveryReportReader, ReportRequest } from './delivery-report-reader.ts'
import { forgetReports, type GrownEvidence, keepReports, mergeReports } from './report-queries.ts'
import { problems } from '../errors.ts'

/** One vendor's reports: how they are read, and the unguessable last part of the address they are posted to. */
export interface ReportSource {
  reader: DeliveryReportReader
  endpointId: string
}

export interface ReportNeeds {
  database: Database
  log: Log
  metrics: Metrics
  sources: readonly ReportSource[]
  wake(sweep: string): void
  /** A message the vendor took and then reported as not delivered. Never throws. */
  onUndelivered?(message: GrownEvidence): Promise<void>
}

export const mergeSweep = 'merge-delivery-reports'
export const followUpSweep = 'follow-up-notifications'
const mergedAtOnce = 200
/** Reports that speak of nothing of ours: of codes, or of another house at the same vendor. */
const keptUnmatchedDays = 7

/**
 * Keeps what a vendor reports, before it is answered; it is carried into the messages afterwards. A wrong address, a vendor
 * the house does not have and a wrong signature are turned away alike. Throws delivery_report_not_trusted, and invalid_request
 * for what says it is JSON and is cut short: it may come whole the next time.
 */
export async function receiveReports(needs: ReportNeeds, provider: string, endpointId: string, request: ReportRequest): Promise<void> {
  const { database, metrics } = needs
  const source = sourceOf(needs, provider)
  const here = sameText(endpointId, source?.endpointId ?? '')
  const read = here && source ? source.reader.read(request) : 'forged'
  const count = (result: string, by = 1) => metrics.webhooks.inc({ provider: source ? provider : 'unknown', result }, by)
  if (read === 'forged') {
    count('not_trusted')
    throw problems.delivery_report_not_trusted()
  }
  const reports = read.reports.filter(isStorable)
  if (reports.length < read.reports.length || read.reports.length === 0) count('unreadable')
  if (reports.length === 0) {
    if (request.rawBody.length === 0 || isBrokenJson(request)) throw common.invalid_request()
    return
  }
  const { fresh, duplicate } = await keepReports(database, { provider, verified: read.verified, reports })
  if (duplicate > 0) count('duplicate', duplicate)
  if (fresh === 0) return
  count('kept', fresh)
  needs.wake(mergeSweep)
}

function isBrokenJson({ headers, rawBody }: ReportRequest): boolean {
  if (!String(headers['content-type']).startsWith('application/json')) return false
  try {
    JSON.parse(rawBody.toString('utf8'))
    return false
  } catch {
    return true
  }
}

/** What a vendor that first asks whether the address is ours is answered. Throws delivery_report_not_trusted. */
export function answerChallenge(needs: ReportNeeds, provider: string, endpointId: string, query: Record<string, unknown>): string {
  const source = sourceOf(needs, provider)
  const here = sameText(endpointId, source?.endpointId ?? '')
  const answer = here && source?.reader.challenge ? source.reader.challenge(query) : 'forged'
  if (answer === 'forged') throw problems.delivery_report_not_trusted()
  return answer
}

const sourceOf = ({ sources }: ReportNeeds, provider: string) => sources.find(({ reader }) => reader.provider === provider)

/** Compares digests, which are of one length whatever was sent. An empty address is nobody's. */
function sameText(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted)) && wanted !== ''
}

/** PostgreSQL keeps neither NUL nor half of a surrogate pair; and no vendor's id is longer than a line. */
function isStorable({ providerMessageId, said, errorCode }: DeliveryReport): boolean {
  const texts = [providerMessageId, said, errorCode ?? '']
  return providerMessageId !== '' && texts.every((text) => text.length <= 300 && text.isWellFormed() && !text.includes('\0'))
}

type MergeNeeds = Pick<ReportNeeds, 'database' | 'log' | 'metrics' | 'onUndelivered'> & Partial<Pick<ReportNeeds, 'wake'>>

/** Carries waiting reports into the messages they speak of; resolves with how many messages know more now. */
export async function mergeWaitingReports(needs: MergeNeeds): Promise<number> {
  const { looked, grown } = await transaction(needs.database, async (tx) => {
    const merged = await mergeReports(tx, mergedAtOnce)
    for (const { id, businessId, kind, provider, delivery } of merged.grown.filter(({ settled }) => settled)) {
      await audit(tx, {
        actorKind: 'system',
        action: 'notification.found_sent',
        subject: 'notification',
        subjectId: id,
        businessId,
        details: { kind, provider, delivery },
      })
    }
    return merged
  })
  for (const message of grown) {
    const { id, provider, channel, kind, errorCode } = message
    if (message.settled) {
      needs.metrics.notificationsEnded.inc({ channel, kind, state: 'SENT' })
      needs.log.info(
        { event: 'notification_settled', notification: id, provider, channel, kind, delivery: message.delivery },
        'The vendor took a message that was thought lost; it is not sent again.',
      )
    }
    if (message.delivery !== 'undelivered') continue
    if (message.permanent) needs.wake?.(followUpSweep)
    needs.metrics.notificationsUndelivered.inc({ provider })
    needs.log.warn(
      { event: 'notification_report', notification: id, provider, channel, kind, errorCode },
      'The vendor reports that a message was not delivered.',
    )
    await needs.onUndelivered?.(message)
  }
  // A whole batch was taken: there may be more behind it.
  return looked === mergedAtOnce ? looked : grown.length
}

export const forgetUnmatchedReports = ({ database }: ReportNeeds): Promise<number> => forgetReports(database, keptUnmatchedDays)
