import { useEffect } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { thabit } from '../accounts/session.ts'
import { WithSession } from '../accounts/sign-in.tsx'
import { Notice, Trouble } from '../interface/notice.tsx'
import { useTitle } from '../interface/page-head.tsx'
import { Skeleton } from '../interface/skeleton.tsx'
import { useLoad } from '../interface/use-load.ts'
import { useSpeech } from '../language/index.tsx'
import { previewWords } from '../messages/preview-words.ts'
import { MoneyBoard } from './money-board.tsx'
import { boardWords } from './money-words.ts'
import { MessageList } from './message-list.tsx'
import { PaymentList } from './payment-list.tsx'
import { AlarmBanner } from './alarm-banner.tsx'
import '../interface/tabs.css'
import './operations.css'

export function OpsPage() {
  const { words } = useSpeech()
  useTitle(words.ops.title)
  return (
    <div class="column wide">
      <h1>{words.ops.title}</h1>
      <WithSession lead={words.ops.signInLead}>
        <Operator />
      </WithSession>
    </div>
  )
}

const sections = ['messages', 'money', 'payments'] as const

function Operator() {
  const { words, to, language } = useSpeech()
  const { query } = useLocation()
  const me = useLoad('me', () => thabit.me())
  const admin = me.data?.roles.some((one) => one.role === 'platform_admin') ?? false
  const counts = useLoad(admin ? 'message-counts' : null, () => thabit.opsNotificationCounts())
  useEffect(() => {
    if (!admin) return undefined
    const timer = setInterval(counts.reload, 30_000)
    return () => clearInterval(timer)
  }, [admin, counts.reload])

  if (me.busy) return <Skeleton rows={4} tall />
  if (me.error) return <Trouble error={me.error} retry={me.reload} />
  if (!admin) {
    return (
      <Notice tone="bad" title={words.ops.forbiddenTitle}>
        <p>{words.ops.forbiddenText}</p>
        <p>
          {words.signedInAs} <bdi dir="ltr">{me.data?.phone}</bdi>
        </p>
      </Notice>
    )
  }
  const section = sections.find((one) => one === query['section']) ?? 'messages'
  const count = (counts.data?.failed ?? 0) + (counts.data?.undelivered ?? 0)
  return (
    <>
      <AlarmBanner />
      {count > 0 && (
        <div class="alarm" role="alert">
          <strong>{words.ops.failedBanner(count)}</strong> <a href={to('/ops')}>{words.ops.showFailed}</a>
        </div>
      )}
      <nav class="tabs" aria-label={words.ops.sections}>
        <a href={to('/ops')} aria-current={section === 'messages' ? 'page' : undefined}>
          {words.ops.messages}
        </a>
        <a href={to('/ops?section=money')} aria-current={section === 'money' ? 'page' : undefined}>
          {boardWords[language].money}
        </a>
        <a href={to('/ops?section=payments')} aria-current={section === 'payments' ? 'page' : undefined}>
          {words.ops.payments}
        </a>
        <a href={to('/ops/messages/preview')}>{previewWords[language].link}</a>
      </nav>
      {section === 'messages' && <MessageList counts={counts} />}
      {section === 'money' && <MoneyBoard />}
      {section === 'payments' && <PaymentList />}
    </>
  )
}
