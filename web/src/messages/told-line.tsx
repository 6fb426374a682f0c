import type { ToldMessage } from '@thabit/sdk'
import { useSpeech } from '../language/index.tsx'
import { messageWords } from './message-words.ts'
import { outcomeOf, whyOf } from './outcome.ts'

/** One message to a customer: which, by what, what became of it and why. */
export function ToldLine({ message, zone }: { message: ToldMessage; zone: string }) {
  const { language, format } = useSpeech()
  const words = messageWords[language]
  const outcome = outcomeOf(message)
  const why = whyOf(message, words)
  return (
    <li class="told">
      <p class="told-head">
        <strong>{words.kind[message.kind] ?? message.kind}</strong>
        <span class={`badge told-${outcome}`}>{words.badge[outcome]}</span>
      </p>
      <p>
        {words.outcome[outcome]}
        {why && <>: {why}</>}
      </p>
      <p class="faint">
        {words.channel[message.channel] ?? message.channel} · <bdi>{format.stamp(message.createdAt, zone)}</bdi>
      </p>
    </li>
  )
}
