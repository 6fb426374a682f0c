import type { DeliveryReport, DeliveryReportReader, SaidDelivery } from '#notifications'
import { unsignedMembers, wallTime } from '../unsigned-report.ts'

const meanings: Record<string, SaidDelivery> = {
  queued: 'accepted',
  accepted: 'accepted',
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  undeliverable: 'undelivered',
  undelivered: 'undelivered',
  failed: 'undelivered',
  rejected: 'undelivered',
  expired: 'undelivered',
}

/** Unifonic's delivery reports, old form (`DLR`) and newer (`Status`): a form or JSON, unsigned. The address alone says who sent them. */
export function unifonicReports(): DeliveryReportReader {
  return {
    provider: 'unifonic',
    read: ({ rawBody }) => ({ verified: 'path', reports: unsignedMembers(rawBody).flatMap(reportIn) }),
  }
}

function reportIn(members: Map<string, string>): DeliveryReport[] {
  const providerMessageId = members.get('messageid')
  const said = members.get('dlr') ?? members.get('status')
  if (!providerMessageId || !said) return []
  const code = members.get('errorcode')
  return [
    {
      providerMessageId,
      said: said.slice(0, 40),
      delivery: Object.hasOwn(meanings, said.toLowerCase()) ? (meanings[said.toLowerCase()] ?? null) : null,
      errorCode: code && code !== 'ER-00' ? code.slice(0, 40) : null,
      saidAt: wallTime(members.get('dlrtimestamp') ?? members.get('donedate') ?? members.get('scts')),
    },
  ]
}
