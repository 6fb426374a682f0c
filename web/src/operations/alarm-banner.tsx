import { useEffect } from 'preact/hooks'
import type { Alert } from '@thabit/sdk'
import { thabit } from '../accounts/session.ts'
import { useLoad } from '../interface/use-load.ts'
import { useSpeech } from '../language/index.tsx'
import { alarmWords } from './alarm-words.ts'
import { operatorZone } from './operator-zone.ts'
import { arabicRunbooks } from './runbook-words.ts'
import './alarm.css'

const everyMs = 30_000

/** What the built-in watch holds for true, on every page of the operator's. That it cannot be read is an alarm too. */
export function AlarmBanner() {
  const { language, format } = useSpeech()
  const words = alarmWords[language]
  const { data, error, reload } = useLoad('alerts', () => thabit.opsAlerts())
  useEffect(() => {
    const timer = setInterval(reload, everyMs)
    return () => clearInterval(timer)
  }, [reload])
  const firing = data?.items.filter(({ resolvedAt }) => resolvedAt === null) ?? []
  if (firing.length === 0 && !error) return null
  return (
    <div class="alarm" role="alert">
      {error !== null && !data && <strong>{words.unread}</strong>}
      {firing.length > 0 && (
        <>
          <strong>{words.firing(firing.length)}</strong>
          <ul>
            {firing.map((alert) => (
              <li key={alert.id}>
                <strong>{format.text(alert.summary)}</strong> <bdi dir="ltr">{Object.values(alert.labels).join(' · ')}</bdi> –{' '}
                <bdi>{words.since(format.stamp(alert.since, operatorZone))}</bdi>
                {alert.notifiedAt === null && ` – ${words.notTold}`}
                <details>
                  <summary>{words.what}</summary>
                  <Runbook alert={alert} />
                </details>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

/** An alert that a newer server knows and this page does not is explained in English. */
function Runbook({ alert }: { alert: Alert }) {
  const { language } = useSpeech()
  const arabic = language === 'ar' ? arabicRunbooks[alert.name] : undefined
  if (arabic !== undefined) return <p>{arabic}</p>
  return (
    <p lang="en" dir="ltr">
      {alert.runbook}
    </p>
  )
}
