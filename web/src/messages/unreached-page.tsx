import { useLocation, useRoute } from 'preact-iso'
import { ProblemError, type Unreached } from '@thabit/sdk'
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
import { BusinessNav } from '../workplace/business-nav.tsx'
import { messageWords } from './message-words.ts'
import { ToldLine } from './told-line.tsx'
import '../interface/tabs.css'
import '../workplace/workplace.css'
import './messages.css'

/** Whom to call: the customers of a day, tomorrow at first, whom no message told of their time. */
export function UnreachedPage() {
  const { language } = useSpeech()
  const { params } = useRoute()
  const words = messageWords[language].unreached
  useTitle(words.title)
  return (
    <div class="column">
      <h1>{words.title}</h1>
      <WithSession lead={words.signIn}>
        <BusinessNav slug={params['slug'] ?? ''} here="unreached" />
        <BusinessAlarm />
        <OneDay />
      </WithSession>
    </div>
  )
}

function OneDay() {
  const { params } = useRoute()
  const { query } = useLocation()
  const { language } = useSpeech()
  const words = messageWords[language].unreached
  const slug = params['slug'] ?? ''
  const day = /^\d{4}-\d{2}-\d{2}$/.test(query['day'] ?? '') ? query['day'] : undefined
  const { data, error, busy, reload } = useLoad(`unreached:${slug}:${day}`, () => thabit.unreached(slug, day === undefined ? {} : { day }))
  if (error instanceof ProblemError && error.status === 404) return <NotFound />
  if (error instanceof ProblemError && error.status === 403) {
    return (
      <Notice tone="bad" title={words.forbiddenTitle}>
        <p>{words.forbiddenText}</p>
      </Notice>
    )
  }
  return (
    <>
      <Trouble error={error} retry={reload} />
      {busy && <Skeleton rows={3} tall />}
      {data && <Day slug={slug} data={data} />}
    </>
  )
}

function Day({ slug, data }: { slug: string; data: Unreached }) {
  const { language, format, to } = useSpeech()
  const words = messageWords[language].unreached
  const dayAt = (days: number) => to(`/b/${slug}/unreached?day=${addDays(data.day, days)}`)
  return (
    <>
      <h2>
        <bdi>{format.day(data.day)}</bdi>
      </h2>
      <nav class="actions" aria-label={format.day(data.day)}>
        <a class="button quiet" href={dayAt(-1)}>
          {words.dayBefore}
        </a>
        <a class="button quiet" href={dayAt(1)}>
          {words.dayAfter}
        </a>
      </nav>
      {data.items.length === 0 ? (
        <p class="empty">{data.bookings === 0 ? words.noBookings : words.allTold(data.bookings)}</p>
      ) : (
        <>
          <Notice tone="warning" title={words.some(data.items.length, data.bookings)}>
            <p>{words.lead}</p>
          </Notice>
          <ul class="cards">
            {data.items.map((item) => (
              <Customer key={item.bookingId} item={item} />
            ))}
          </ul>
          <p class="hint">{messageWords[language].evidence}</p>
        </>
      )}
    </>
  )
}

function Customer({ item }: { item: Unreached['items'][number] }) {
  const { language, format, to } = useSpeech()
  const words = messageWords[language].unreached
  const whole = /^\+\d+$/.test(item.phone)
  return (
    <li class="panel unreached">
      <p class="told-head">
        <strong>
          <bdi>{item.customerName ?? words.nameless}</bdi>
        </strong>
        <bdi>{format.time(item.startsAt, item.zone)}</bdi>
      </p>
      <p>
        <bdi>{format.text(item.serviceName)}</bdi> · <bdi>{format.text(item.branchName)}</bdi>
      </p>
      {item.notifications.length === 0 ? (
        <p>{words.nothingTried}</p>
      ) : (
        <ul class="told-lines">
          {item.notifications.toReversed().map((message) => (
            <ToldLine key={`${message.kind} ${message.channel} ${message.createdAt}`} message={message} zone={item.zone} />
          ))}
        </ul>
      )}
      <div class="actions">
        {whole ? (
          <a class="button primary" href={`tel:${item.phone}`}>
            {words.call} <bdi dir="ltr">{item.phone}</bdi>
          </a>
        ) : (
          <bdi dir="ltr">{item.phone}</bdi>
        )}
        <a class="button quiet" href={to(`/bookings/${item.bookingId}`)} aria-label={`${words.open} ${item.reference}`}>
          <bdi dir="ltr">{item.reference}</bdi>
        </a>
      </div>
    </li>
  )
}
