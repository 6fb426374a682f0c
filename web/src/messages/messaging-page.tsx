import { useRoute } from 'preact-iso'
import { useState } from 'preact/hooks'
import { type Messaging, ProblemError } from '@thabit/sdk'
import { thabit } from '../accounts/session.ts'
import { WithSession } from '../accounts/sign-in.tsx'
import { Button } from '../interface/button.tsx'
import { NotFound } from '../interface/not-found.tsx'
import { Notice, Trouble } from '../interface/notice.tsx'
import { useTitle } from '../interface/page-head.tsx'
import { Skeleton } from '../interface/skeleton.tsx'
import { Tick } from '../interface/tick.tsx'
import { useLoad } from '../interface/use-load.ts'
import { useSpeech } from '../language/index.tsx'
import { BusinessAlarm } from '../operations/business-alarm.tsx'
import { BusinessNav } from '../workplace/business-nav.tsx'
import { Choice } from './choice.tsx'
import { messagingWords } from './messaging-words.ts'
import { ReminderTimes } from './reminder-times.tsx'
import '../interface/tabs.css'
import '../workplace/workplace.css'
import './messages.css'

/** How a business wants its people told: its owner's page. */
export function MessagingPage() {
  const { language } = useSpeech()
  const { params } = useRoute()
  const words = messagingWords[language]
  useTitle(words.title)
  return (
    <div class="column">
      <h1>{words.title}</h1>
      <WithSession lead={words.signIn}>
        <BusinessNav slug={params['slug'] ?? ''} here="messaging" />
        <BusinessAlarm />
        <OneBusiness />
      </WithSession>
    </div>
  )
}

function OneBusiness() {
  const { params } = useRoute()
  const { language } = useSpeech()
  const words = messagingWords[language]
  const slug = params['slug'] ?? ''
  const { data, error, busy, reload } = useLoad(`messaging:${slug}`, () => thabit.messaging(slug))
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
      {data && <Form key={slug} slug={slug} given={data} />}
    </>
  )
}

function Form({ slug, given }: { slug: string; given: Messaging }) {
  const { language } = useSpeech()
  const words = messagingWords[language]
  const [wish, setWish] = useState(given)
  const [busy, setBusy] = useState(false)
  const [saved, setSaved] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const change = (part: Partial<Messaging>) => {
    setSaved(false)
    setWish({ ...wish, ...part })
  }
  const save = async () => {
    setBusy(true)
    setError(null)
    try {
      const { offered: _offered, ...chosen } = wish
      setWish(await thabit.chooseMessaging(slug, chosen))
      setSaved(true)
    } catch (failure) {
      setError(failure)
    }
    setBusy(false)
  }
  return (
    <form
      class="stacked"
      onSubmit={(event) => {
        event.preventDefault()
        if (!busy) void save()
      }}
    >
      <section class="panel">
        <h2>{words.channels}</h2>
        <p class="hint">{words.channelsHint}</p>
        <Channels wish={wish} change={change} />
        <Vendors wish={wish} change={change} />
      </section>
      <ReminderTimes minutes={wish.reminderMinutes} onMinutes={(reminderMinutes) => change({ reminderMinutes })} />
      <section class="panel">
        <h2>{words.team}</h2>
        <Tick on={wish.staffTold} onChange={(staffTold) => change({ staffTold })}>
          {words.staffTold}
        </Tick>
        <Tick on={wish.receiptApart} onChange={(receiptApart) => change({ receiptApart })}>
          {words.receiptApart}
        </Tick>
      </section>
      <Trouble error={error} />
      {saved && <Notice tone="good">{words.saved}</Notice>}
      <Button type="submit" busy={busy}>
        {words.save}
      </Button>
    </form>
  )
}

type Part = { wish: Messaging; change: (part: Partial<Messaging>) => void }

/** One place after the other; a channel that was chosen before is not offered again. */
function Channels({ wish, change }: Part) {
  const { language } = useSpeech()
  const words = messagingWords[language]
  const { channels, offered } = wish
  return (
    <>
      {offered.channels.slice(0, Math.min(offered.channels.length, channels.length + 1)).map((_, place) => {
        const left = offered.channels.filter((channel) => !channels.slice(0, place).includes(channel))
        return (
          <Choice
            key={place}
            label={words.place[place] ?? ''}
            value={channels[place] ?? ''}
            choices={[
              ...(place > 0 ? [{ value: '', text: words.noMore }] : []),
              ...left.map((value) => ({ value, text: words.channel[value] ?? value })),
            ]}
            onChoice={(value) => {
              const chosen = offered.channels.find((channel) => channel === value)
              const rest = channels.slice(place + 1).filter((channel) => channel !== chosen)
              change({ channels: chosen ? [...channels.slice(0, place), chosen, ...rest] : channels.slice(0, place) })
            }}
          />
        )
      })}
    </>
  )
}

/** Where a channel has several vendors, the one that is asked first. */
function Vendors({ wish, change }: Part) {
  const { language } = useSpeech()
  const words = messagingWords[language]
  const { channels, providers, offered } = wish
  return (
    <>
      {channels.map((channel) => {
        const names = offered.providers.filter((provider) => provider.channel === channel).map(({ name }) => name)
        if (names.length < 2) return null
        return (
          <Choice
            key={channel}
            label={words.vendor(words.channel[channel] ?? channel)}
            value={providers.find((name) => names.includes(name)) ?? ''}
            choices={[{ value: '', text: words.houseOrder }, ...names.map((value) => ({ value, text: value }))]}
            onChoice={(value) => {
              const others = providers.filter((name) => !names.includes(name))
              change({ providers: value === '' ? others : [value, ...others] })
            }}
          />
        )
      })}
    </>
  )
}
