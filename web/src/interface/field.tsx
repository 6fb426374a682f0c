import { useEffect, useId, useRef } from 'preact/hooks'
import { useSpeech } from '../language/index.tsx'

type Props = {
  label: string
  value: string
  onValue: (value: string) => void
  error?: string | null
  hint?: string
  optional?: boolean
  rows?: number
  type?: 'text' | 'tel' | 'search' | 'email'
  inputMode?: 'tel' | 'numeric' | 'decimal' | 'email'
  autocomplete?: 'name' | 'email' | 'tel' | 'one-time-code' | 'off'
  dir?: 'auto' | 'ltr'
  maxLength?: number
  name?: string
  enterkeyhint?: 'send' | 'go' | 'search'
  class?: string
}

/** A labelled field whose hint and error are tied to it; a new error takes the focus to the field. */
export function Field({ label, value, onValue, error = null, hint, optional, rows, ...input }: Props) {
  const { words } = useSpeech()
  const id = useId()
  const control = useRef<HTMLInputElement & HTMLTextAreaElement>(null)
  useEffect(() => {
    if (error) control.current?.focus()
  }, [error])
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  const shared = {
    id,
    ref: control,
    value,
    'aria-invalid': error ? true : undefined,
    'aria-describedby': described || undefined,
    onInput: (event: { currentTarget: { value: string } }) => onValue(event.currentTarget.value),
  }
  return (
    <div class="field">
      <label for={id}>
        {label} {optional && <span class="faint">({words.optional})</span>}
      </label>
      {rows ? (
        <textarea {...shared} rows={rows} {...(input.maxLength ? { maxLength: input.maxLength } : {})} dir="auto" />
      ) : (
        <input {...shared} {...(input as { type: 'text' })} />
      )}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="field-error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  )
}
