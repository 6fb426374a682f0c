import { useEffect, useState } from 'preact/hooks'
import { useSpeech } from '../language/index.tsx'

/** Whole seconds until an instant on the server's clock, ticking; never below zero. */
export function useSecondsUntil(instant: string | null, now: () => number): number {
  const left = () => (instant === null ? 0 : Math.max(0, Math.ceil((Date.parse(instant) - now()) / 1000)))
  const [seconds, setSeconds] = useState(left)
  useEffect(() => {
    setSeconds(left())
    const timer = setInterval(() => setSeconds(left()), 1000)
    return () => clearInterval(timer)
  }, [instant])
  return seconds
}

export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** Shown every second, spoken only when the minute changes. */
export function Countdown({ seconds, label }: { seconds: number; label: string }) {
  const { words } = useSpeech()
  const minutes = Math.floor(seconds / 60)
  return (
    <div class="countdown">
      <span class="countdown-label" aria-hidden="true">
        {label}
      </span>
      <span class="countdown-clock" dir="ltr" aria-hidden="true">
        {clock(seconds)}
      </span>
      <output class="hidden">{minutes > 0 ? words.minutesLeft(minutes) : words.lessThanMinute}</output>
    </div>
  )
}
