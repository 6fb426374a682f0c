import { NoAnswerError } from '@thabit/sdk'
import { useSpeech } from '../language/index.tsx'
import { Trouble } from './notice.tsx'
import { useTitle } from './page-head.tsx'

export function NotFound() {
  const { words, to } = useSpeech()
  useTitle(words.notFoundTitle)
  return (
    <section class="column empty">
      <h1>{words.notFoundTitle}</h1>
      <p class="lead">{words.notFoundText}</p>
      <a class="button primary" href={to('/')}>
        {words.home}
      </a>
    </section>
  )
}

/** A page whose script did not arrive. */
export function PageLost() {
  return (
    <section class="column">
      <Trouble error={new NoAnswerError('unreachable')} retry={() => location.reload()} />
    </section>
  )
}
