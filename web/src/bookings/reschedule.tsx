import { useEffect, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { ProblemError, type Booking, type Slot } from '@thabit/sdk'
import { thabit } from '../accounts/session.ts'
import { SlotPicker } from '../availability/slot-picker.tsx'
import { When } from '../availability/when.tsx'
import { Button } from '../interface/button.tsx'
import { keyed, keyOf } from '../interface/keyed-wish.ts'
import { Trouble } from '../interface/notice.tsx'
import { StepHeading } from '../interface/page-head.tsx'
import { Skeleton } from '../interface/skeleton.tsx'
import { useLoad } from '../interface/use-load.ts'
import { useSpeech } from '../language/index.tsx'
import { readChoice } from './choice.ts'

/** Another time for a booking that stands: with the same person where one was chosen, from the same free times. */
export function Reschedule({ booking, onMoved }: { booking: Booking; onMoved: (booking: Booking) => void }) {
  const { query } = useLocation()
  const { words, to } = useSpeech()
  const { day, time } = readChoice(query)
  const services = useLoad(`services:${booking.businessSlug}`, () => thabit.services(booking.businessSlug))
  const service = services.data?.items.find((one) => one.id === booking.serviceId)
  const address = (change: Record<string, string>) =>
    to(`/bookings/${booking.id}?${new URLSearchParams({ reschedule: '1', ...(day ? { day } : {}), ...change }).toString()}`)

  return (
    <div class="step">
      <h1>{words.reschedule}</h1>
      <dl class="chosen">
        <div>
          <dt>{words.rescheduleFrom}</dt>
          <dd>
            <When startsAt={booking.startsAt} zone={booking.zone} />
          </dd>
        </div>
      </dl>
      {time ? (
        <ConfirmMove booking={booking} time={time} back={address({})} onMoved={onMoved} />
      ) : (
        <>
          <StepHeading>{words.rescheduleTitle}</StepHeading>
          {services.busy && <Skeleton rows={4} />}
          <Trouble error={services.error} retry={services.reload} />
          {service && (
            <SlotPicker
              slug={booking.businessSlug}
              serviceId={service.id}
              branchId={service.branchId}
              resourceId={null}
              zone={booking.zone}
              day={day}
              dayAddress={(date) => address({ day: date })}
              timeAddress={(slot: Slot) => address({ time: slot.startsAt })}
            />
          )}
        </>
      )}
      <a class="button quiet" href={to(`/bookings/${booking.id}`)}>
        {words.back}
      </a>
    </div>
  )
}

function ConfirmMove(props: { booking: Booking; time: string; back: string; onMoved: (booking: Booking) => void }) {
  const { booking, time, back, onMoved } = props
  const { route } = useLocation()
  const { words, to } = useSpeech()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const wish = `move ${booking.id} ${booking.version} ${time}`
  useEffect(() => void keyOf(wish), [wish])
  const move = async () => {
    setBusy(true)
    setError(null)
    try {
      onMoved(await keyed(wish, (key) => thabit.reschedule(key, booking.id, { startsAt: time })))
      route(to(`/bookings/${booking.id}?moved=1`), true)
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  const taken = error instanceof ProblemError && (error.code === 'slot_taken' || error.code === 'slot_not_offered')
  return (
    <div class="panel">
      <StepHeading>{words.rescheduleTo}</StepHeading>
      <p>
        <When startsAt={time} zone={booking.zone} />
      </p>
      {taken ? <p role="alert">{words.takenTitle}</p> : <Trouble error={error} />}
      <div class="actions column-actions">
        {!taken && (
          <Button busy={busy} onPress={() => void move()}>
            {words.rescheduleConfirm}
          </Button>
        )}
        <a class="button quiet" href={back}>
          {words.otherTimes}
        </a>
      </div>
    </div>
  )
}
