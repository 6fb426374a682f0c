import type { Service } from '@thabit/sdk'
import { useSpeech } from '../language/index.tsx'

/** What is paid now and what at the place, before anyone presses. */
export function Parts({ terms }: { terms: Service['paymentTerms'] }) {
  const { words, format } = useSpeech()
  if (terms.kind === 'free') return null
  return (
    <dl class="parts">
      <div>
        <dt>{words.paidNow}</dt>
        <dd>
          <bdi>{format.money(terms.dueNow)}</bdi>
        </dd>
      </div>
      {terms.dueAtPlace.amountMinor > 0 && (
        <div>
          <dt>{words.paidAtPlace}</dt>
          <dd>
            <bdi>{format.money(terms.dueAtPlace)}</bdi>
          </dd>
        </div>
      )}
    </dl>
  )
}
