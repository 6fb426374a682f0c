import type { BookingOfDay } from '@thabit/sdk'
import { StatusBadge } from '../bookings/status-badge.tsx'
import { Chevron } from '../interface/chevron.tsx'
import { useSpeech } from '../language/index.tsx'
import { workplaceWords } from './workplace-words.ts'

/** One booking among those of a day: when, who, what, with whom, and whether its customer knows. */
export function DayCard({ booking }: { booking: BookingOfDay }) {
  const { language, format, to } = useSpeech()
  const words = workplaceWords[language]
  const { startsAt, endsAt, zone, told } = booking
  return (
    <a class={`card day-card ${booking.status}`} href={to(`/bookings/${booking.bookingId}`)}>
      <span class="card-body">
        <span class="card-line">
          <strong>
            <bdi>{format.time(startsAt, zone)}</bdi> – <bdi>{format.time(endsAt, zone)}</bdi>
          </strong>
          <StatusBadge status={booking.status} awaits={booking.awaitsApproval ? 'approval' : null} />
        </span>
        <Whose booking={booking} />
        {told !== null && <span class={told ? 'faint small' : 'untold small'}>{told ? words.told : words.untold}</span>}
      </span>
      <Chevron />
    </a>
  )
}

export function Whose({ booking }: { booking: BookingOfDay }) {
  const { language, format } = useSpeech()
  const parts = [booking.serviceName, ...booking.resources]
  return (
    <>
      <strong class="card-title">
        <bdi>{booking.customerName ?? workplaceWords[language].nameless}</bdi>
        {booking.customerName === null && (
          <>
            {' · '}
            <bdi dir="ltr">{booking.reference}</bdi>
          </>
        )}
      </strong>
      <span>
        {parts.map((part, place) => (
          <span key={place}>
            {place > 0 && ' · '}
            <bdi>{format.text(part)}</bdi>
          </span>
        ))}
      </span>
    </>
  )
}
