import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import type { OpsPayment } from '@thabit/sdk'
import { thabit } from '../accounts/session.ts'
import { Button } from '../interface/button.tsx'
import { More } from '../interface/more.tsx'
import { Trouble } from '../interface/notice.tsx'
import { Skeleton } from '../interface/skeleton.tsx'
import { useSpeech } from '../language/index.tsx'
import { ActDialog } from './act-dialog.tsx'
import { Filter } from './filter.tsx'
import { Fact } from './fact.tsx'
import { boardWords } from './money-words.ts'
import { operatorZone } from './operator-zone.ts'
import { usePages } from '../interface/use-pages.ts'

const states = ['unknown', 'integrity_failure', 'redirected', 'paid', 'failed', 'expired'] as const

export function PaymentList() {
  const { words } = useSpeech()
  const { query } = useLocation()
  const state = states.find((one) => one === query['state']) ?? null
  const pages = usePages(`payments:${state}`, (cursor) =>
    thabit.opsPayments({ ...(state ? { state } : {}), ...(cursor ? { cursor } : {}) }),
  )
  return (
    <section aria-label={words.ops.payments}>
      <Filter section="payments" name="state" value={state} choices={states} label={(one) => words.ops.paymentState[one] ?? one} />
      <Trouble error={pages.error} retry={pages.reload} />
      {!pages.items && !pages.error && <Skeleton rows={4} tall />}
      {pages.items?.length === 0 && <p class="empty">{words.ops.none}</p>}
      <ul class="rows">
        {pages.items?.map((payment) => (
          <Row key={payment.id} payment={payment} onChange={pages.put} />
        ))}
      </ul>
      <More pages={pages} />
    </section>
  )
}

function Row({ payment, onChange }: { payment: OpsPayment; onChange: (payment: OpsPayment) => void }) {
  const { words, format, to, language } = useSpeech()
  const [returning, setReturning] = useState(false)
  const [busy, setBusy] = useState(false)
  const [done, setDone] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const settle = async () => {
    setBusy(true)
    setError(null)
    try {
      onChange(await thabit.settle(payment.id))
      setDone(true)
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <li class={`row ${payment.state}`}>
      <div class="row-head">
        <span class={`badge ${payment.state}`}>{words.ops.paymentState[payment.state] ?? payment.state}</span>
        <a class="kind" dir="ltr" href={to(`/money/${payment.bookingId}`)}>
          {payment.bookingReference}
        </a>
        <span class="faint">
          <bdi>{format.stamp(payment.createdAt, operatorZone)}</bdi>
        </span>
      </div>
      <dl class="facts">
        <Fact name={words.ops.amount} value={format.money(payment.amount)} />
        <Fact
          name={words.ops.disposition}
          value={payment.disposition && (words.ops.dispositions[payment.disposition] ?? payment.disposition)}
        />
        <Fact name={words.ops.gatewayRef} value={payment.gatewayRef} wide />
        <Fact name={words.ops.checks} value={String(payment.checks)} />
        <Fact name={words.ops.nextCheck} value={payment.nextCheckAt && format.stamp(payment.nextCheckAt, operatorZone)} />
      </dl>
      <Trouble error={error} />
      {done && <output>{words.ops.settled}</output>}
      <div class="acts">
        <Button kind="quiet" busy={busy} onPress={() => void settle()}>
          {words.ops.settle}
        </Button>
        {payment.state === 'paid' && (
          <Button kind="quiet" onPress={() => setReturning(true)}>
            {boardWords[language].giveBack}
          </Button>
        )}
      </div>
      {returning && (
        <ActDialog
          act="payment"
          id={payment.id}
          currency={payment.amount.currency}
          onClose={() => setReturning(false)}
          onDone={() => {
            setReturning(false)
            void settle()
          }}
        />
      )}
    </li>
  )
}
