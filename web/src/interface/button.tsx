import type { ComponentChildren } from 'preact'
import { useSpeech } from '../language/index.tsx'

type Props = {
  children: ComponentChildren
  busy?: boolean
  kind?: 'primary' | 'quiet' | 'danger'
  type?: 'button' | 'submit'
  onPress?: () => void
}

/** While it works it cannot be pressed again, and it says so; it keeps the focus. */
export function Button({ children, busy = false, kind = 'primary', type = 'button', onPress }: Props) {
  const { words } = useSpeech()
  return (
    <button
      type={type}
      class={`button ${kind}`}
      aria-disabled={busy}
      onClick={(event) => {
        if (busy) event.preventDefault()
        else onPress?.()
      }}
    >
      {children}
      {busy && (
        <span class="working">
          <span class="hidden">{words.working}</span>
        </span>
      )}
    </button>
  )
}
