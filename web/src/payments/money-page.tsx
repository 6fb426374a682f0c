import { useState } from 'preact/hooks'
import { useRoute } from 'preact-iso'
import { ProblemError, type BookingMoney } from '@thabit/sdk'
import { thabit, useSession } from '../accounts/session.ts'
import { WithSession } from '../accounts/sign-in.tsx'
import { When } from '../availability/when.tsx'
import { StatusBadge } from '../bookings/status-badge.tsx'
import { NotFound } from '../interface/not-found.tsx'
import { Notice, Trouble } from '../interface/notice.tsx'
import { useTitle } from '../interface/page-head.tsx'
import { Skeleton } from '../interface/skeleton.tsx'
import { useLoad } from '../interface/use-load.ts'
import { useSpeech } from '../language/index.tsx'
import { ToldPanel } from '../messages/told-panel.tsx'
import { BusinessAlarm } from '../operations/business-alarm.tsx'
import { NoShowButton } from './no-show-button.tsx'
import { RefundForm } from './refund-form.tsx'
import './money.css'

export function MoneyPage() {
  const { words } = useSpeech()
  const session = useSession()
  useTitle(words.money.title)
  return (
    <div class="column">
      {session !== 'signed-in' && <h1>{words.money.title}</h1>}
      <WithSession lead={words.signInLead}>
        <OneBookingsMoney />
      </WithSession>
    </div>
  )
}

/** One booking's money for its customer, its business and the operator: sums, attempts, refunds, and who did what. */
function OneBookingsMoney() {
  const { params } = useRoute()
  const { words, format, to } = useSpeech()
  const id = params['id'] ?? ''
  const { data: money, error, busy, reload } = useLoad(`money:${id}`, () => thabit.bookingMoney(id))
  const [returned, setReturned] = useState<string | null>(null)

  if (error instanceof ProblemError && error.status === 404) return <NotFound />
  if (!money) return busy ? <Skeleton rows={4} tall /> : <Trouble error={error} retry={reload} />
  return (
    <article class="step">
      {(money.allowed.refund || money.allowed.noShow) && <BusinessAlarm />}
      <header class="money-head">
        <h1>{words.money.title}</h1>
        <p>
          <bdi class="reference">{money.reference}</bdi> <StatusBadge status={money.status} />
        </p>
        <p class="faint">
          <bdi>{format.text(money.serviceName)}</bdi> · <bdi>{format.text(money.businessName)}</bdi>
        </p>
        <p class="faint">
          <When startsAt={money.startsAt} zone={money.zone} />
        </p>
      </header>
      <Sums money={money} />
      {returned && (
        <Notice tone="good">
          <p>{words.money.refundDone(returned)}</p>
        </Notice>
      )}
      {money.allowed.refund && (
        <RefundForm
          key={money.refunds.length}
          money={money}
          onReturned={(amount) => {
            setReturned(format.money(amount))
            reload()
          }}
        />
      )}
      {money.allowed.noShow && <NoShowButton bookingId={money.bookingId} onNoted={reload} />}
      {money.viewer !== 'customer' && <ToldPanel bookingId={money.bookingId} zone={money.zone} />}
      <Attempts money={money} />
      <Refunds money={money} />
      <Ledger money={money} />
      <History money={money} />
      <a class="button quiet" href={to(`/bookings/${money.bookingId}`)}>
        {words.money.backToBooking}
      </a>
    </article>
  )
}

function Sums({ money }: { money: BookingMoney }) {
  const { words, format } = useSpeech()
  const rows = [
    [words.money.price, money.price, true],
    [words.money.paid, money.paid, true],
    [words.money.refunded, money.refunded, money.refunded.amountMinor > 0],
    [words.money.refundDue, money.refundDue, money.refundDue.amountMinor > 0],
    [words.money.kept, money.kept, money.kept.amountMinor !== money.paid.amountMinor],
    [words.money.dueAtPlace, money.dueAtPlace, money.dueAtPlace.amountMinor > 0],
  ] as const
  return (
    <dl class="details sums">
      {rows.map(
        ([name, amount, shown]) =>
          shown && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <bdi>{format.money(amount)}</bdi>
              </dd>
            </div>
          ),
      )}
    </dl>
  )
}

function Attempts({ money: { attempts, zone } }: { money: BookingMoney }) {
  const { words, format } = useSpeech()
  return (
    <section class="panel">
      <h2>{words.money.attempts}</h2>
      {attempts.length === 0 && <p class="faint">{words.money.noAttempts}</p>}
      <ul class="money-lines">
        {attempts.map((attempt) => (
          <li key={attempt.id}>
            <p>
              <bdi class="money-amount">{format.money(attempt.amount)}</bdi>
            </p>
            <p>{format.text(attempt.words)}</p>
            <p class="faint">
              <bdi>{format.stamp(attempt.createdAt, zone)}</bdi>
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Refunds({ money: { refunds, zone } }: { money: BookingMoney }) {
  const { words, format } = useSpeech()
  return (
    <section class="panel">
      <h2>{words.money.refunds}</h2>
      {refunds.length === 0 && <p class="faint">{words.money.noRefunds}</p>}
      <ul class="money-lines">
        {refunds.map((refund) => (
          <li key={refund.id}>
            <p>
              <bdi class="money-amount">{format.money(refund.amount)}</bdi>
            </p>
            <p>{format.text(refund.words)}</p>
            <p>{format.text(refund.reason)}</p>
            {refund.note && <p dir="auto">{refund.note}</p>}
            <p class="faint">
              <bdi>{format.stamp(refund.createdAt, zone)}</bdi>
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Ledger({ money: { ledger, zone } }: { money: BookingMoney }) {
  const { words, format } = useSpeech()
  return (
    <section class="panel">
      <h2>{words.money.ledger}</h2>
      {ledger.length === 0 && <p class="faint">{words.money.noLedger}</p>}
      <ol class="money-lines">
        {ledger.map(({ id, at, amount, way, words: what }) => (
          <li key={id}>
            <p>
              <bdi class="money-amount">
                {way === 'in' ? '+' : '−'} {format.money(amount)}
              </bdi>
            </p>
            <p>{format.text(what)}</p>
            <p class="faint">
              <bdi>{format.stamp(at, zone)}</bdi>
            </p>
          </li>
        ))}
      </ol>
    </section>
  )
}

function History({ money: { history, zone } }: { money: BookingMoney }) {
  const { words, format } = useSpeech()
  return (
    <section class="panel">
      <h2>{words.money.history}</h2>
      <ol class="money-lines">
        {history.map((line) => (
          <li key={line.id}>
            <p>
              {format.text(line.what)}
              {line.amount && (
                <>
                  {' · '}
                  <bdi>{format.money(line.amount)}</bdi>
                </>
              )}
            </p>
            {line.note && <p dir="auto">{line.note}</p>}
            <p class="faint">
              {format.text(line.who)} · <bdi>{format.stamp(line.at, zone)}</bdi>
            </p>
          </li>
        ))}
      </ol>
    </section>
  )
}
