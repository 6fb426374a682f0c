import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import type { NotificationStatus, OpsNotification } from '@thabit/sdk'
import { thabit } from '../accounts/session.ts'
import { Button } from '../interface/button.tsx'
import { More } from '../interface/more.tsx'
import { Trouble } from '../interface/notice.tsx'
import { Skeleton } from '../interface/skeleton.tsx'
import { useSpeech } from '../language/index.tsx'
import { Filter } from './filter.tsx'
import { operatorZone } from './operator-zone.ts'
import { usePages } from '../interface/use-pages.ts'

const statuses: NotificationStatus[] = ['FAILED', 'PENDING', 'SKIPPED', 'SENT']

/** Every message the house wished to send, the newest first, with what happened at each attempt. */
export function MessageList({ onChange }: { onChange: () => void }) {
  const { words } = useSpeech()
  const { query } = useLocation()
  const status = statuses.find((one) => one === query['status']) ?? null
  const pages = usePages(`messages:${status}`, (cursor) =>
    thabit.opsNotifications({ ...(status ? { status } : {}), ...(cursor ? { cursor } : {}) }),
  )
  return (
    <section aria-label={words.ops.messages}>
      <Filter
        section="messages"
        name="status"
        value={status}
        choices={statuses}
        label={(one) => words.ops.notificationStatus[one] ?? one}
      />
      <Trouble error={pages.error} retry={pages.reload} />
      {!pages.items && !pages.error && <Skeleton rows={4} tall />}
      {pages.items?.length === 0 && <p class="empty">{words.ops.none}</p>}
      <ul class="rows">
        {pages.items?.map((message) => (
          <Row
            key={message.id}
            message={message}
            onChange={(changed) => {
              pages.put(changed)
              onChange()
            }}
          />
        ))}
      </ul>
      <More pages={pages} />
    </section>
  )
}

function Row({ message, onChange }: { message: OpsNotification; onChange: (message: OpsNotification) => void }) {
  const { words, format } = useSpeech()
  const [busy, setBusy] = useState(false)
  const [done, setDone] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const redrive = async () => {
    setBusy(true)
    setError(null)
    try {
      onChange(await thabit.redrive(message.id))
      setDone(true)
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <li class={`row ${message.status}`}>
      <div class="row-head">
        <span class={`badge ${message.status}`}>{words.ops.notificationStatus[message.status] ?? message.status}</span>
        <bdi class="kind" dir="ltr">
          {message.kind}
        </bdi>
        <span class="faint">
          <bdi>{format.stamp(message.createdAt, operatorZone)}</bdi>
        </span>
      </div>
      <dl class="facts">
        <Fact name={words.ops.recipient} value={message.recipient} />
        <Fact name={words.ops.channel} value={message.channel} />
        <Fact name={words.ops.provider} value={message.provider} />
        <Fact name={words.ops.reason} value={message.reason} />
      </dl>
      <details>
        <summary>
          {words.ops.attempts} ({message.attempts.length})
        </summary>
        {message.attempts.length === 0 && <p class="faint">{words.ops.noAttempts}</p>}
        <ol class="attempts">
          {message.attempts.map((attempt) => (
            <li key={attempt.startedAt}>
              <bdi>{format.stamp(attempt.startedAt, operatorZone)}</bdi>
              <bdi class="block" dir="ltr">
                {[attempt.provider, attempt.result, attempt.errorType, attempt.detail].filter(Boolean).join(' · ')}
              </bdi>
            </li>
          ))}
        </ol>
      </details>
      <Trouble error={error} />
      {done && <output>{words.ops.redriven}</output>}
      {message.status === 'FAILED' && (
        <Button kind="quiet" busy={busy} onPress={() => void redrive()}>
          {words.ops.redrive}
        </Button>
      )}
    </li>
  )
}

export function Fact({ name, value }: { name: string; value: string | null }) {
  if (!value) return null
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <bdi>{value}</bdi>
      </dd>
    </div>
  )
}
