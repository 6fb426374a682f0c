import { useState } from 'preact/hooks'
import type { Booking, BookingOfDay } from '@thabit/sdk'
import { thabit } from '../accounts/session.ts'
import { When } from '../availability/when.tsx'
import { ApproveButton } from '../bookings/approve-button.tsx'
import { CancelDialog } from '../bookings/cancel-dialog.tsx'
import { Button } from '../interface/button.tsx'
import { Trouble } from '../interface/notice.tsx'
import { useSpeech } from '../language/index.tsx'
import { localDateTime } from '../language/local-time.ts'
import { Whose } from './day-card.tsx'
import { workplaceWords } from './workplace-words.ts'

/** A booking that waits for the business's yes or no, of whatever day. `onAnswered` is given what to say then. */
export function WaitingCard({ booking, onAnswered }: { booking: BookingOfDay; onAnswered: (text: string) => void }) {
  const { language, words: all, format, to } = useSpeech()
  const words = workplaceWords[language]
  const [asked, setAsked] = useState<Booking | null>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const until = (at: string, zone: string) => `${format.day(localDateTime(at, zone).date)}${all.comma}${format.time(at, zone)}`
  const decline = async () => {
    setBusy(true)
    setError(null)
    try {
      // As it stands now: what is called off is what is read.
      setAsked(await thabit.booking(booking.bookingId))
    } catch (failure) {
      setError(failure)
    }
    setBusy(false)
  }
  return (
    <li class="panel waiting-card">
      <div class="card-body">
        <When startsAt={booking.startsAt} endsAt={booking.endsAt} zone={booking.zone} />
        <Whose booking={booking} />
        {booking.expiresAt && <span class="faint small">{words.answerBefore(until(booking.expiresAt, booking.zone))}</span>}
      </div>
      <div class="actions">
        <ApproveButton bookingId={booking.bookingId} onApproved={() => onAnswered(words.approved(booking.reference))} />
        <Button kind="danger" busy={busy} onPress={() => void decline()}>
          {words.decline}
        </Button>
        <a class="button quiet" href={to(`/bookings/${booking.bookingId}`)}>
          <bdi dir="ltr">{booking.reference}</bdi>
        </a>
      </div>
      <Trouble error={error} />
      {asked && (
        <CancelDialog
          booking={asked}
          onClose={() => setAsked(null)}
          onCancelled={() => {
            setAsked(null)
            onAnswered(words.declined(booking.reference))
          }}
        />
      )}
    </li>
  )
}
