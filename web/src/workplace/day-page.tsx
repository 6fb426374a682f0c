import { useLocation, useRoute } from 'preact-iso'
import { ProblemError, type BusinessDay } from '@thabit/sdk'
import { useState } from 'preact/hooks'
import { thabit } from '../accounts/session.ts'
import { WithSession } from '../accounts/sign-in.tsx'
import { NotFound } from '../interface/not-found.tsx'
import { Notice, Trouble } from '../interface/notice.tsx'
import { useTitle } from '../interface/page-head.tsx'
import { Skeleton } from '../interface/skeleton.tsx'
import { useLoad } from '../interface/use-load.ts'
import { useSpeech } from '../language/index.tsx'
import { addDays } from '../language/local-time.ts'
import { BusinessAlarm } from '../operations/business-alarm.tsx'
import { BusinessNav } from './business-nav.tsx'
import { DayCard } from './day-card.tsx'
import { WaitingCard } from './waiting-card.tsx'
import { workplaceWords } from './workplace-words.ts'
import '../interface/tabs.css'
import './workplace.css'

/** Where those who work at a business begin: what waits for their yes, and who comes when. */
export function DayPage() {
  const { language } = useSpeech()
  const { params } = useRoute()
  const words = workplaceWords[language]
  const slug = params['slug'] ?? ''
  useTitle(words.title)
  return (
    <div class="column">
      <h1>{words.title}</h1>
      <WithSession lead={words.signIn}>
        <BusinessNav slug={slug} here="day" />
        <BusinessAlarm />
        <OneDay slug={slug} />
      </WithSession>
    </div>
  )
}

function OneDay({ slug }: { slug: string }) {
  const { query } = useLocation()
  const { language } = useSpeech()
  const words = workplaceWords[language]
  const day = /^\d{4}-\d{2}-\d{2}$/.test(query['day'] ?? '') ? query['day'] : undefined
  const { data, error, busy, reload } = useLoad(`day:${slug}:${day}`, () => thabit.businessDay(slug, day === undefined ? {} : { day }))
  const [answered, setAnswered] = useState<{ text: string; ids: string[] }>({ text: '', ids: [] })
  if (error instanceof ProblemError && error.status === 404) return <NotFound />
  if (error instanceof ProblemError && error.status === 403) {
    return (
      <Notice tone="bad" title={words.forbiddenTitle}>
        <p>{words.forbiddenText}</p>
      </Notice>
    )
  }
  // What was just answered is gone at once, not when the list comes again.
  const waiting = data?.waiting.filter(({ bookingId }) => !answered.ids.includes(bookingId)) ?? []
  return (
    <>
      <Trouble error={error} retry={reload} />
      {busy && <Skeleton rows={4} tall />}
      {answered.text && (
        <Notice tone="good">
          <p>{answered.text}</p>
        </Notice>
      )}
      {waiting.length > 0 && (
        <section class="waiting">
          <h2>{words.waiting(waiting.length)}</h2>
          <ul class="cards">
            {waiting.map((booking) => (
              <WaitingCard
                key={booking.bookingId}
                booking={booking}
                onAnswered={(text) => {
                  setAnswered({ text, ids: [...answered.ids, booking.bookingId] })
                  reload()
                }}
              />
            ))}
          </ul>
        </section>
      )}
      {data && <Bookings slug={slug} data={data} />}
    </>
  )
}

function Bookings({ slug, data }: { slug: string; data: BusinessDay }) {
  const { language, format, to } = useSpeech()
  const words = workplaceWords[language]
  const at = (day: string) => to(`/b/${slug}/day?day=${day}`)
  return (
    <section class="stacked">
      <header>
        <h2>
          {data.day === data.today && `${words.today} · `}
          <bdi>{format.day(data.day)}</bdi>
        </h2>
        <p class="faint">{format.hijri(data.day)}</p>
      </header>
      <nav class="actions" aria-label={format.day(data.day)}>
        <a class="button quiet" href={at(addDays(data.day, -1))}>
          {words.dayBefore}
        </a>
        <a class="button quiet" href={at(addDays(data.day, 1))}>
          {words.dayAfter}
        </a>
        {data.day !== data.today && (
          <a class="button quiet" href={to(`/b/${slug}/day`)}>
            {words.toToday}
          </a>
        )}
      </nav>
      {data.items.length === 0 ? (
        <p class="empty">{words.none}</p>
      ) : (
        <ul class="cards">
          {data.items.map((booking) => (
            <li key={booking.bookingId}>
              <DayCard booking={booking} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
