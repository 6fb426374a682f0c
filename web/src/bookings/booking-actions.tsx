import { useState } from 'preact/hooks'
import type { Booking } from '@thabit/sdk'
import { thabit } from '../accounts/session.ts'
import { Button } from '../interface/button.tsx'
import { Trouble } from '../interface/notice.tsx'
import { useSpeech } from '../language/index.tsx'
import { localDateTime } from '../language/local-time.ts'
import { ApproveButton } from './approve-button.tsx'
import { CancelDialog } from './cancel-dialog.tsx'
import { InviteButton } from './invite-button.tsx'

export function BookingActions({ booking, onChange }: { booking: Booking; onChange: (booking: Booking) => void }) {
  const { words, to } = useSpeech()
  const [cancelling, setCancelling] = useState(false)
  const over = booking.status === 'expired' || booking.status === 'cancelled' || booking.status === 'completed'
  const mine = booking.viewer === 'customer'
  return (
    <div class="actions column-actions">
      {booking.status === 'confirmed' && mine && <AddToCalendar booking={booking} />}
      {booking.allowed.approve && <ApproveButton bookingId={booking.id} onApproved={onChange} />}
      {!mine && booking.status === 'completed' && <InviteButton booking={booking} onInvited={onChange} />}
      {booking.allowed.reschedule && (
        <a class="button quiet" href={to(`/bookings/${booking.id}?reschedule=1`)}>
          {words.reschedule}
        </a>
      )}
      {mine && booking.status === 'confirmed' && booking.rescheduleTerms.left !== null && (
        <p class="hint message">{words.reschedulesLeft(booking.rescheduleTerms.left)}</p>
      )}
      {booking.allowed.cancel && (
        <Button kind="danger" onPress={() => setCancelling(true)}>
          {!mine && booking.awaits === 'approval' ? words.decline : words.cancel}
        </Button>
      )}
      {(!mine || booking.payment) && (
        <a class="button quiet" href={to(`/money/${booking.id}`)}>
          {words.money.link}
        </a>
      )}
      {!mine && (
        <a class="button quiet" href={to(`/b/${booking.businessSlug}/day?day=${localDateTime(booking.startsAt, booking.zone).date}`)}>
          {words.businessDay}
        </a>
      )}
      {over && mine && (
        <a class="button primary" href={to(`/b/${booking.businessSlug}?service=${booking.serviceId}`)}>
          {words.bookAgain}
        </a>
      )}
      {cancelling && (
        <CancelDialog
          booking={booking}
          onClose={() => setCancelling(false)}
          onCancelled={(cancelled) => {
            setCancelling(false)
            onChange(cancelled)
          }}
        />
      )}
    </div>
  )
}

/** The file needs the session's token, so it is fetched here and handed to the browser as a download. */
function AddToCalendar({ booking }: { booking: Booking }) {
  const { words } = useSpeech()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const fetchFile = async () => {
    setBusy(true)
    setError(null)
    try {
      const text = await thabit.calendar(booking.id)
      const link = document.createElement('a')
      link.href = URL.createObjectURL(new Blob([text], { type: 'text/calendar;charset=utf-8' }))
      link.download = `${booking.reference}.ics`
      link.click()
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Button busy={busy} onPress={() => void fetchFile()}>
        {words.addToCalendar}
      </Button>
      <Trouble error={error} />
    </>
  )
}
