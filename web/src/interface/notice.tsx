import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { NoAnswerError, ProblemError } from '@thabit/sdk'
import { useSpeech, type Words } from '../language/index.tsx'

type Tone = 'info' | 'good' | 'warning' | 'bad'

/** A message in the page. Trouble is spoken at once, the rest when the reader pauses. */
export function Notice(props: { tone: Tone; title?: string; children?: ComponentChildren; actions?: ComponentChildren }) {
  const id = useId()
  return (
    <div class={`notice ${props.tone}`} role={props.tone === 'bad' ? 'alert' : 'status'} aria-labelledby={props.title ? id : undefined}>
      {props.title && (
        <p class="notice-title" id={id}>
          {props.title}
        </p>
      )}
      {props.children && <div>{props.children}</div>}
      {props.actions && <div class="actions">{props.actions}</div>}
    </div>
  )
}

/** What went wrong, in the page's language, and the next step. */
export function Trouble({ error, retry }: { error: unknown; retry?: (() => void) | undefined }) {
  const { words } = useSpeech()
  if (!error) return null
  return (
    <Notice
      tone={error instanceof NoAnswerError ? 'warning' : 'bad'}
      actions={
        retry && (
          <button type="button" class="button quiet" onClick={retry}>
            {words.retry}
          </button>
        )
      }
    >
      <p>{troubleText(error, words)}</p>
    </Notice>
  )
}

export function troubleText(error: unknown, words: Words): string {
  if (error instanceof NoAnswerError) return words.noAnswer[error.reason]
  if (error instanceof ProblemError) return words.problems[error.code] ?? error.title
  return words.problems['internal'] ?? ''
}
