import { isoTime } from '../clock.ts'
import type { Report, ReportMode } from '../reports.ts'
import { guessedAddress } from '../reports.ts'
import type { Kept } from './index.ts'

/** What the look-up says under `DLR`: the operator's receipt, once there is one. */
export function receiptOf(
  { lost, atMs }: Kept,
  nowMs: number,
  { deliveryReports, reportAfterMs }: { deliveryReports: ReportMode; reportAfterMs: number },
): string {
  if (deliveryReports === 'never' || nowMs < atMs + reportAfterMs) return ''
  return lost ? 'Undeliverable' : 'Delivered'
}

/** Two forms are told of: the old one has one report, the operator's own; the newer one has steps. Neither is signed. */
export function reportsOf({ id, recipient, atMs, lost }: Kept, url: string, { reportForm }: { reportForm: 'old' | 'new' }): Report[] {
  const at = isoTime(atMs).replace('T', ' ').replace('Z', '')
  const unsigned = { url, headers: {}, forged: { url: guessedAddress(url) } }
  if (reportForm === 'old') {
    const form = {
      MessageID: String(id),
      DLR: lost ? 'Undeliverable' : 'Delivered',
      Recipient: recipient,
      TimeCreated: at,
      SCTS: at,
      DLRTimestamp: at,
    }
    return [{ ...unsigned, contentType: 'application/x-www-form-urlencoded', body: new URLSearchParams(form).toString() }]
  }
  const step = (Status: string, failure: Record<string, string> = {}): Report => ({
    ...unsigned,
    contentType: 'application/json',
    body: JSON.stringify({ MessageID: id, Status, Recipient: recipient, DoneDate: at, ...failure }),
  })
  return [step('Sent'), lost ? step('Failed', { ErrorCode: 'ER-05', ErrorMessage: 'Absent subscriber' }) : step('Delivered')]
}
