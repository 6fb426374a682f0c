import { useState } from 'preact/hooks'
import type { Booking } from '@thabit/sdk'
import { thabit } from '../accounts/session.ts'
import { WithSession } from '../accounts/sign-in.tsx'
import { When } from '../availability/when.tsx'
import { Button } from '../interface/button.tsx'
import { Trouble } from '../interface/notice.tsx'
import { useTitle } from '../interface/page-head.tsx'
import { Skeleton } from '../interface/skeleton.tsx'
import { useLoad } from '../interface/use-load.ts'
import { Chevron } from '../interface/chevron.tsx'
import { useSpeech } from '../language/index.tsx'
import { StatusBadge } from './status-badge.tsx'

export function BookingsPage() {
  const { words } = useSpeech()
  useTitle(words.bookingsTitle)
  return (
    <div class="column">
      <h1>{words.bookingsTitle}</h1>
      <WithSession lead={words.signInLead}>
        <Mine />
      </WithSession>
    </div>
  )
}

function Mine() {
  const { words, to } = useSpeech()
  const first = useLoad('bookings', () => thabit.bookings())
  const [more, setMore] = useState<{ items: Booking[]; nextCursor: string | null } | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const items = [...(first.data?.items ?? []), ...(more?.items ?? [])]
  const cursor = more ? more.nextCursor : (first.data?.nextCursor ?? null)

  const loadMore = async (from: string) => {
    setBusy(true)
    setFailure(null)
    try {
      const page = await thabit.bookings({ cursor: from })
      setMore((old) => ({ items: [...(old?.items ?? []), ...page.items], nextCursor: page.nextCursor }))
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }
  if (first.busy) return <Skeleton rows={3} tall />
  if (first.error) return <Trouble error={first.error} retry={first.reload} />
  if (items.length === 0) {
    return (
      <div class="empty">
        <p>{words.noBookings}</p>
        <a class="button primary" href={to('/')}>
          {words.findBusiness}
        </a>
      </div>
    )
  }
  return (
    <>
      <ul class="cards">
        {items.map((booking) => (
          <li key={booking.id}>
            <BookingCard booking={booking} />
          </li>
        ))}
      </ul>
      <Trouble error={failure} />
      {cursor && (
        <Button kind="quiet" busy={busy} onPress={() => void loadMore(cursor)}>
          {words.more}
        </Button>
      )}
    </>
  )
}

function BookingCard({ booking }: { booking: Booking }) {
  const { format, to } = useSpeech()
  return (
    <a class="card" href={to(`/bookings/${booking.id}`)}>
      <span class="card-body">
        <span class="card-line">
          <strong class="card-title" dir="auto">
            {format.text(booking.serviceName)}
          </strong>
          <StatusBadge status={booking.status} />
        </span>
        <span dir="auto">{format.text(booking.businessName)}</span>
        <When startsAt={booking.startsAt} zone={booking.zone} />
      </span>
      <Chevron />
    </a>
  )
}
