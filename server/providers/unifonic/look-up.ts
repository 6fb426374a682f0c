import type { DeliveryReport } from '#notifications'
import { toText } from '../http-exchange.ts'
import { ourIdIn } from '../our-id.ts'
import { deliveryOf } from './report.ts'
import { dataOf } from './wire.ts'

/** By which of its members a message is asked after: our id, or Unifonic's. */
export interface Sought {
  member: 'CorrelationID' | 'MessageID'
  value: string
}

export function toLookUpForm(credential: string, { member, value }: Sought): URLSearchParams {
  return new URLSearchParams({ AppSid: credential, [member]: value, Limit: '10' })
}

/**
 * What Unifonic knows of the message that was asked after. A message of another id is none of it, whatever it is listed for.
 * Throws CallFailure.
 */
export function foundIn(status: number, text: string, { member, value }: Sought): DeliveryReport[] {
  const { messages }: { messages?: unknown } = dataOf(status, text) ?? {}
  const list: unknown[] = Array.isArray(messages) ? messages : []
  return list.flatMap((one) => reportOf(one, member, value))
}

function reportOf(listed: unknown, member: Sought['member'], value: string): DeliveryReport[] {
  const message: Record<string, unknown> = typeof listed === 'object' && listed !== null ? { ...listed } : {}
  const providerMessageId = toText(message['MessageID'])
  const said = toText(message['DLR']) || toText(message['Status'])
  if (!providerMessageId || !said || toText(message[member])?.toLowerCase() !== value.toLowerCase()) return []
  return [
    {
      providerMessageId,
      said: said.slice(0, 40),
      delivery: deliveryOf(said),
      // Neither a reason nor the time of the last word is listed.
      errorCode: null,
      permanent: false,
      ourId: ourIdIn(message['CorrelationID']),
      saidAt: null,
    },
  ]
}
