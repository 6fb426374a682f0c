import type { DeliveryReport, DeliveryReportReader, SaidDelivery } from '#notifications'
import { ourIdIn } from '../our-id.ts'
import { unsignedMembers, wallTime } from '../unsigned-report.ts'
import { meanings as codes } from './wire.ts'

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

/** What one of Unifonic's words means; null: a word we do not know. */
export function deliveryOf(said: string): SaidDelivery | null {
  const word = said.toLowerCase()
  return Object.hasOwn(meanings, word) ? (meanings[word] ?? null) : null
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
      delivery: deliveryOf(said),
      errorCode: code && code !== 'ER-00' ? code.slice(0, 40) : null,
      // “Undeliverable” alone may as well be a phone that was off too long.
      permanent: code !== undefined && Object.hasOwn(codes, code) && codes[code]?.[0] === 'permanent',
      // No report is documented to carry it; whoever has it has it from us.
      ourId: ourIdIn(members.get('correlationid')),
      saidAt: wallTime(members.get('dlrtimestamp') ?? members.get('donedate') ?? members.get('scts')),
    },
  ]
}
