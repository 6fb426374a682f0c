import { useState } from 'preact/hooks'
import type { Difference } from '@thabit/sdk'
import { Button } from '../interface/button.tsx'
import { useSpeech } from '../language/index.tsx'
import { type Act, ActDialog } from './act-dialog.tsx'
import { useAge } from './age.ts'
import { amountWords } from './amount-words.ts'
import { BookingLink } from './booking-link.tsx'
import { Fact } from './fact.tsx'
import { boardWords } from './money-words.ts'

const acts: Act[] = ['adopt', 'refund', 'write_off']

/** What differs, how much on each side, since when, and what may be done about it. */
export function DifferenceRow({ difference, onChange }: { difference: Difference; onChange: () => void }) {
  const { format, language } = useSpeech()
  const words = boardWords[language]
  const age = useAge()
  const [act, setAct] = useState<Act | null>(null)
  const { ours, theirs, details } = difference
  const reason = typeof details['reason'] === 'string' ? details['reason'] : null
  return (
    <li class="row difference">
      <div class="row-head">
        <h3>{words.kind[difference.kind] ?? difference.kind}</h3>
        <BookingLink about={difference} />
      </div>
      <dl class="facts">
        <Fact name={words.age} value={age(difference.ageSeconds)} />
        <Fact name={words.ours} value={ours && amountWords(format, ours)} />
        <Fact name={words.theirs} value={theirs && amountWords(format, theirs)} />
        <Fact name={words.charge} value={difference.gatewayChargeId} />
        <Fact name={words.why} value={reason} />
      </dl>
      <div class="acts">
        {acts
          .filter((one) => difference.acts.includes(one))
          .map((one) => (
            <Button key={one} kind="quiet" onPress={() => setAct(one)}>
              {words.acts[one]}
            </Button>
          ))}
      </div>
      {act && (
        <ActDialog
          act={act}
          id={difference.id}
          onClose={() => setAct(null)}
          onDone={() => {
            setAct(null)
            onChange()
          }}
        />
      )}
    </li>
  )
}
