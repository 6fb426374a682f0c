import type { DeliveryReport, DeliveryReportReader, SaidDelivery } from '#notifications'
import { unsignedMembers, wallTime } from '../unsigned-report.ts'

const meanings: Record<string, SaidDelivery> = {
  queued: 'accepted',
  dispatched: 'accepted',
  accepted: 'accepted',
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  failed: 'undelivered',
  rejected: 'undelivered',
  undelivered: 'undelivered',
  no_capability: 'undelivered',
  no_opt_in: 'undelivered',
}

/**
 * Taqnyat documents no reports for SMS. Accounts that were given them by arrangement are read by the words of its other
 * channel; unsigned, so the address alone says who sent them.
 */
export function taqnyatReports(): DeliveryReportReader {
  return {
    provider: 'taqnyat',
    read: ({ rawBody }) => ({ verified: 'path', reports: unsignedMembers(rawBody).flatMap(reportIn) }),
  }
}

function reportIn(members: Map<string, string>): DeliveryReport[] {
  const providerMessageId = members.get('messageid') ?? members.get('smsid')
  const said = members.get('status')
  if (!providerMessageId || !said) return []
  const code = members.get('errorcode')
  return [
    {
      providerMessageId,
      said: said.slice(0, 40),
      delivery: Object.hasOwn(meanings, said.toLowerCase()) ? (meanings[said.toLowerCase()] ?? null) : null,
      errorCode: code ? code.slice(0, 40) : null,
      // Neither a code's meaning nor an id of ours is documented for its reports.
      permanent: false,
      ourId: null,
      saidAt: wallTime(members.get('timestamp')),
    },
  ]
}
