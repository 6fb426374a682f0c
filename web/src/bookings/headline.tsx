import { useEffect, useRef } from 'preact/hooks'
import type { Booking } from '@thabit/sdk'
import { useSpeech, type Words } from '../language/index.tsx'

/** What became of the booking, in one line that takes the focus when it changes. */
export function Headline({ booking }: { booking: Booking }) {
  const { words } = useSpeech()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    heading.current?.focus({ preventScroll: true })
  }, [booking.status])
  const { title, text } = saying(booking, words)
  return (
    <header class={`headline ${booking.status}`}>
      <span class={`seal ${booking.status}`} aria-hidden="true">
        <svg viewBox="0 0 48 48">
          <path d={seals[booking.status]} />
        </svg>
      </span>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {text && <p class="lead">{text}</p>}
    </header>
  )
}

const clock = 'M24 13v12l8 5'
const tick = 'M14 25l7 7 14-15'
const cross = 'M16 16l16 16M32 16L16 32'
const seals = { held: clock, confirmed: tick, completed: tick, no_show: clock, cancelled: cross, expired: clock }

function saying({ status, viewer, awaits }: Booking, words: Words): { title: string; text?: string } {
  // Who looks at a customer's booking is not spoken to as the customer.
  if (viewer !== 'customer') return { title: awaits === 'approval' ? words.waitingStatus : words.status[status] }
  if (awaits === 'approval') return { title: words.waitingTitle, text: words.waitingText }
  const sayings = {
    held: { title: words.heldTitle, text: words.heldText },
    confirmed: { title: words.confirmedTitle, text: words.confirmedText },
    completed: { title: words.completedTitle },
    no_show: { title: words.noShowTitle },
    cancelled: { title: words.cancelledTitle },
    expired: { title: words.expiredTitle, text: words.expiredText },
  }
  return sayings[status]
}
