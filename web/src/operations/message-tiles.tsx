import type { OpsNotificationCounts } from '@thabit/sdk'
import { useSpeech } from '../language/index.tsx'
import { useAge } from './age.ts'
import { consoleWords } from './console-words.ts'
import { addressOf, type Chosen, type View, views } from './message-view.ts'

/** How all messages stand: each figure leads to its messages. */
export function MessageTiles({ counts, chosen }: { counts: OpsNotificationCounts | null; chosen: Chosen }) {
  const { language, to, words: all } = useSpeech()
  const words = consoleWords[language]
  const age = useAge()
  const figure = (view: View): { count: number | null; note: string } => {
    if (!counts) return { count: null, note: '' }
    const { failed, undelivered, pending, oldestPendingAgeSeconds, lastDay } = counts
    if (view === 'open') return { count: failed + undelivered, note: words.split(failed, undelivered) }
    if (view === 'pending') return { count: pending, note: pending > 0 ? words.oldest(age(oldestPendingAgeSeconds)) : '' }
    if (view === 'sent') return { count: lastDay.sent, note: `${words.lastDay} · ${words.delivered(lastDay.delivered)}` }
    if (view === 'skipped') return { count: lastDay.skipped, note: words.lastDay }
    if (view === 'acknowledged') return { count: lastDay.acknowledged, note: words.lastDay }
    return { count: null, note: '' }
  }
  return (
    <nav class="tiles" aria-label={all.ops.filterStatus}>
      {views.map((view) => {
        const { count, note } = figure(view)
        const loud = view === 'open' && (count ?? 0) > 0
        return (
          <a
            key={view}
            class={loud ? 'tile loud' : 'tile'}
            href={to(addressOf({ view, narrowing: chosen.narrowing }))}
            aria-current={chosen.view === view ? 'true' : undefined}
          >
            <span class="tile-name">{words.view[view]}</span>
            {count !== null && <strong class="tile-count">{count}</strong>}
            {note && <span class="tile-note">{note}</span>}
          </a>
        )
      })}
    </nav>
  )
}
