import { useEffect } from 'preact/hooks'
import { thabit } from '../accounts/session.ts'
import { useLoad } from '../interface/use-load.ts'
import { useSpeech } from '../language/index.tsx'
import './alarm.css'

const everyMs = 60_000

/** What a business should know while something is wrong that it cannot mend. Nothing when all is well, or when it cannot be read. */
export function BusinessAlarm() {
  const { format } = useSpeech()
  const { data, reload } = useLoad('my-alerts', () => thabit.myAlerts())
  useEffect(() => {
    const timer = setInterval(reload, everyMs)
    return () => clearInterval(timer)
  }, [reload])
  if (!data || data.items.length === 0) return null
  return (
    <div class="alarm" role="alert">
      {data.items.map((alert) => (
        <p key={alert.name}>{format.text(alert.words)}</p>
      ))}
    </div>
  )
}
