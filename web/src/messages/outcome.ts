import type { MessageWords } from './message-words.ts'

export type Outcome = keyof MessageWords['outcome']

/** What became of a message, as far as anybody can say. A vendor's report counts only for what was sent. */
export function outcomeOf({ status, delivery }: { status: string; delivery: string | null }): Outcome {
  if (status === 'FAILED') return 'failed'
  if (status === 'SKIPPED') return 'skipped'
  if (status === 'PENDING') return 'waiting'
  return delivery === 'delivered' || delivery === 'read' || delivery === 'undelivered' ? delivery : 'sent'
}

/** Why, in plain words; null when there is nothing to explain. What the house says is a word, sometimes with the vendor's own behind it. */
export function whyOf({ status, reason }: { status: string; reason: string | null }, words: MessageWords): string | null {
  if (reason === null || (status !== 'FAILED' && status !== 'SKIPPED')) return null
  return words.why[reason.split(/[: ]/)[0] ?? ''] ?? words.whyElse
}
