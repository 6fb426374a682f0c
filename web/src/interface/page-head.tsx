import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { useSpeech } from '../language/index.tsx'

/** The title of the window follows the page. */
export function useTitle(title: string): void {
  const { words } = useSpeech()
  useEffect(() => {
    document.title = title === words.brand ? title : `${title} · ${words.brand}`
  }, [title, words])
}

/** A step's heading takes the focus when its step begins, so that a screen reader hears where it is. */
export function StepHeading({ children, step }: { children: ComponentChildren; step?: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    heading.current?.focus({ preventScroll: true })
    heading.current?.closest('.step')?.scrollIntoView({ block: 'start' })
  }, [])
  return (
    <header class="step-heading">
      {step && <p class="step-count">{step}</p>}
      <h2 ref={heading} tabIndex={-1}>
        {children}
      </h2>
    </header>
  )
}
