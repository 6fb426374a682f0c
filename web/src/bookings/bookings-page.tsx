import type { Booking } from '@thabit/sdk'
import { ContactForm } from '../accounts/contact-form.tsx'
import { thabit } from '../accounts/session.ts'
import { WithSession } from '../accounts/sign-in.tsx'
import { When } from '../availability/when.tsx'
import { More } from '../interface/more.tsx'
import { Trouble } from '../interface/notice.tsx'
import { useTitle } from '../interface/page-head.tsx'
import { Skeleton } from '../interface/skeleton.tsx'
import { useLoad } from '../interface/use-load.ts'
import { usePages } from '../interface/use-pages.ts'
import { Chevron } from '../interface/chevron.tsx'
import { useSpeech } from '../language/index.tsx'
import { Workplaces } from '../workplace/workplaces.tsx'
import { StatusBadge } from './status-badge.tsx'

export function BookingsPage() {
  const { words } = useSpeech()
  useTitle(words.bookingsTitle)
  return (
    <div class="column">
      <h1>{words.bookingsTitle}</h1>
      <WithSession lead={words.signInLead}>
        <Account />
      </WithSession>
    </div>
  )
}

/** One's own bookings; above them the way to work, for those who work here. */
function Account() {
  const me = useLoad('me', () => thabit.me())
  const roles = me.data?.roles ?? []
  return (
    <>
      {roles.length > 0 && (
        <Workplaces
          operator={roles.some(({ role }) => role === 'platform_admin')}
          works={roles.some(({ businessId }) => businessId !== null)}
        />
      )}
      <Mine />
      {me.data && <ContactForm given={me.data.contact} />}
    </>
  )
}

function Mine() {
  const { words, to } = useSpeech()
  const pages = usePages('bookings', (cursor) => thabit.bookings(cursor ? { cursor } : {}))
  if (!pages.items) return pages.error ? <Trouble error={pages.error} retry={pages.reload} /> : <Skeleton rows={3} tall />
  if (pages.items.length === 0) {
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
        {pages.items.map((booking) => (
          <li key={booking.id}>
            <BookingCard booking={booking} />
          </li>
        ))}
      </ul>
      <Trouble error={pages.error} retry={pages.more ?? undefined} />
      <More pages={pages} />
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
          <StatusBadge status={booking.status} awaits={booking.awaits} />
        </span>
        <span dir="auto">{format.text(booking.businessName)}</span>
        <When startsAt={booking.startsAt} zone={booking.zone} />
      </span>
      <Chevron />
    </a>
  )
}
