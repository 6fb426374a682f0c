import type { Service } from '@thabit/sdk'
import { useSpeech } from '../language/index.tsx'

/** When not all of the price is paid now: what is, and what at the place. */
export function Terms({ terms }: { terms: Service['paymentTerms'] }) {
  const { words, format } = useSpeech()
  if (terms.kind !== 'deposit' && terms.kind !== 'at_place') return null
  return (
    <span class="fact block terms">
      {terms.kind === 'at_place' ? words.atPlaceTerms : words.depositTerms(format.money(terms.dueNow), format.money(terms.dueAtPlace))}
    </span>
  )
}
