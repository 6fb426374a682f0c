import { CallFailure } from '#external-calls'

/**
 * The sender name an SMS goes out under. Advertising goes only under a registered name that ends in -AD, which people can
 * block; without one it is not sent. Throws CallFailure (configuration).
 */
export function senderName(
  { sender, promotionalSender }: { sender: string; promotionalSender?: string | null },
  { promotional = false }: { promotional?: boolean },
): string {
  if (!promotional) return sender
  if (promotionalSender && /[- ]AD$/.test(promotionalSender)) return promotionalSender
  throw new CallFailure({
    outcome: 'refused',
    errorType: 'misconfigured',
    cause: 'configuration',
    detail: 'Advertising needs a registered sender name that ends in -AD; this vendor was given none.',
  })
}
