import { useState } from 'preact/hooks'
import type { OpsMoney, Reconciliation } from '@thabit/sdk'
import { thabit } from '../accounts/session.ts'
import { Button } from '../interface/button.tsx'
import { Trouble } from '../interface/notice.tsx'
import { Skeleton } from '../interface/skeleton.tsx'
import { useLoad } from '../interface/use-load.ts'
import { useSpeech } from '../language/index.tsx'
import { DifferenceRow } from './difference-row.tsx'
import { boardWords } from './money-words.ts'
import { OpenPaymentRow } from './open-payment-row.tsx'
import { OpenRefundRow } from './open-refund-row.tsx'
import { operatorZone } from './operator-zone.ts'

/** All money whose end is open, the gravest first, with what may be done about each. */
export function MoneyBoard() {
  const { language, format } = useSpeech()
  const words = boardWords[language]
  const money = useLoad('money', () => thabit.opsMoney())
  const [run, setRun] = useState<Reconciliation | null>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const compare = async () => {
    setBusy(true)
    setError(null)
    try {
      setRun(await thabit.reconcile())
      money.reload()
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  const last = money.data?.lastReconciliation ?? null
  return (
    <section class="board" aria-label={words.money}>
      <p class="faint">{words.lead}</p>
      <div class="compare">
        <p>{last?.finishedAt ? words.lastCompared(format.stamp(last.finishedAt, operatorZone)) : words.neverCompared}</p>
        {last && !last.complete && <p class="bad-text">{words.notComplete}</p>}
        {run && <output>{words.compared(run.seen, run.repaired, run.opened)}</output>}
        <Trouble error={error} />
        <Button kind="quiet" busy={busy} onPress={() => void compare()}>
          {words.compareNow}
        </Button>
      </div>
      <Trouble error={money.error} retry={money.reload} />
      {money.busy && <Skeleton rows={4} tall />}
      {money.data && <Sections money={money.data} onChange={money.reload} />}
    </section>
  )
}

function Sections({ money, onChange }: { money: OpsMoney; onChange: () => void }) {
  const { language } = useSpeech()
  const words = boardWords[language]
  const inAll = (isOne: (state: string) => boolean) =>
    money.counts.filter(({ state }) => isOne(state)).reduce((sum, { count }) => sum + count, 0)
  const isRefund = (state: string) => state.startsWith('refund_')
  const lists = [
    {
      title: words.differences,
      none: words.noDifferences,
      hidden: 0,
      rows: money.differences.map((one) => <DifferenceRow key={one.id} difference={one} onChange={onChange} />),
    },
    {
      title: words.openRefunds,
      none: words.noOpenRefunds,
      hidden: inAll(isRefund) - money.refunds.length,
      rows: money.refunds.map((one) => <OpenRefundRow key={one.id} refund={one} />),
    },
    {
      title: words.openPayments,
      none: words.noOpenPayments,
      hidden: inAll((state) => !isRefund(state)) - money.payments.length,
      rows: money.payments.map((one) => <OpenPaymentRow key={one.id} payment={one} onChange={onChange} />),
    },
  ]
  return (
    <>
      {lists.map(({ title, none, hidden, rows }) => (
        <section key={title} aria-label={title}>
          <h2>{title}</h2>
          {rows.length === 0 ? <p class="empty">{none}</p> : <ul class="rows">{rows}</ul>}
          {hidden > 0 && <p class="faint">{words.more(hidden)}</p>}
        </section>
      ))}
    </>
  )
}
