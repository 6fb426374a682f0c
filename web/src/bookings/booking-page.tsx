import { useCallback } from 'preact/hooks'
import { useLocation, useRoute } from 'preact-iso'
import type { Booking } from '@thabit/sdk'
import { ProblemError } from '@thabit/sdk'
import { thabit, useSession } from '../accounts/session.ts'
import { WithSession } from '../accounts/sign-in.tsx'
import { NotFound } from '../interface/not-found.tsx'
import { Notice, Trouble } from '../interface/notice.tsx'
import { useTitle } from '../interface/page-head.tsx'
import { Skeleton } from '../interface/skeleton.tsx'
import { useLoad } from '../interface/use-load.ts'
import { useSpeech } from '../language/index.tsx'
import { PayPanel } from '../payments/pay-panel.tsx'
import { RefundLine } from '../payments/refund-line.tsx'
import { useWatchedPayment } from '../payments/watch-payment.ts'
import { BookingActions } from './booking-actions.tsx'
import { BookingDetails } from './booking-details.tsx'
import { Headline } from './headline.tsx'
import { Reschedule } from './reschedule.tsx'

export function BookingPage() {
  const { words } = useSpeech()
  const session = useSession()
  useTitle(words.bookingsTitle)
  return (
    <div class="column">
      {session !== 'signed-in' && <h1>{words.bookingsTitle}</h1>}
      <WithSession lead={words.signInLead}>
        <OneBooking />
      </WithSession>
    </div>
  )
}

/** One booking through all its states; it looks again by itself while money is on its way. */
function OneBooking() {
  const { params } = useRoute()
  const { query } = useLocation()
  const { words } = useSpeech()
  const id = params['id'] ?? ''
  const { data: booking, error, busy, reload, replace } = useLoad(`booking:${id}`, () => thabit.booking(id))
  const returned = query['returned'] === '1'
  const look = useCallback(() => {
    thabit.booking(id).then(replace, () => {
      // The page keeps what it knows; its own watch asks again.
    })
  }, [id, replace])
  const watch = useWatchedPayment(booking, returned, replace)
  useTitle(booking ? `${words.status[booking.status]} · ${booking.reference}` : words.bookingsTitle)

  if (error instanceof ProblemError && error.status === 404) return <NotFound />
  if (!booking) return busy ? <Skeleton rows={4} tall /> : <Trouble error={error} retry={reload} />
  if (query['reschedule'] === '1' && booking.allowed.reschedule) return <Reschedule booking={booking} onMoved={replace} />

  // Paid, and the booking about to follow: never a moment to offer another payment.
  const asking = watch === 'asking' || (booking.status === 'held' && booking.payment?.status === 'paid')
  const unsure = booking.payment?.status === 'unknown' || booking.payment?.status === 'intent'
  return (
    <article class="step booking" key={booking.id}>
      {query['again'] === '1' && (
        <Notice tone="info">
          <p>{words.alreadyBooked}</p>
        </Notice>
      )}
      {query['moved'] === '1' && (
        <Notice tone="good">
          <p>{words.rescheduled}</p>
        </Notice>
      )}
      {booking.viewer !== 'customer' && (
        <Notice tone="info">
          <p>{words.money.ofCustomer}</p>
        </Notice>
      )}
      {asking ? <Checking /> : <Headline booking={booking} />}
      {watch === 'quiet' && unsure && (
        <Notice tone="warning" title={words.unknownTitle}>
          <p>{words.unknownText}</p>
        </Notice>
      )}
      {booking.payment?.status === 'integrity_failure' && (
        <Notice tone="warning">
          <p>{words.personLooks}</p>
        </Notice>
      )}
      {mayPay(booking) && !asking && <PayPanel booking={booking} returned={returned} onChange={look} />}
      {booking.viewer === 'customer' && <RefundLine payment={booking.payment} />}
      <BookingDetails booking={booking} />
      {booking.viewer === 'customer' && <MessageLine booking={booking} />}
      <BookingActions booking={booking} onChange={replace} />
    </article>
  )
}

/** While it is not known whether money moved, the button stays: its key makes a second press the same payment. */
function mayPay(booking: Booking): boolean {
  return booking.status === 'held' && booking.allowed.pay && booking.payment?.status !== 'integrity_failure'
}

function Checking() {
  const { words } = useSpeech()
  return (
    <div class="headline">
      <h1>{words.checkingTitle}</h1>
      <output class="lead">{words.checkingText}</output>
      <div class="bone" aria-hidden="true" />
    </div>
  )
}

/** Whether the newest message about this booking reached the customer, said honestly. */
function MessageLine({ booking }: { booking: Booking }) {
  const { words } = useSpeech()
  const last = [...booking.notifications].sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt))[0]
  if (!last || (last.status !== 'SENT' && last.status !== 'FAILED')) return null
  if (last.status === 'SENT') return <p class="hint message sent">{words.messageSent}</p>
  return booking.status === 'confirmed' ? <p class="hint message">{words.messageFailed}</p> : null
}
