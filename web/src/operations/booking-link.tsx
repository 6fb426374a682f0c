import { useSpeech } from '../language/index.tsx'

/** Leads to all of the booking's money; nothing when nobody knows whose it is. */
export function BookingLink({ about }: { about: { bookingId: string | null; bookingReference: string | null } }) {
  const { to } = useSpeech()
  if (about.bookingId === null) return null
  return (
    <a class="kind" dir="ltr" href={to(`/money/${about.bookingId}`)}>
      {about.bookingReference}
    </a>
  )
}
