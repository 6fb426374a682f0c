import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import type { OpsNotificationCounts } from '@thabit/sdk'
import { thabit } from '../accounts/session.ts'
import { Button } from '../interface/button.tsx'
import { keyed } from '../interface/keyed-wish.ts'
import { More } from '../interface/more.tsx'
import { Trouble } from '../interface/notice.tsx'
import { Skeleton } from '../interface/skeleton.tsx'
import type { Load } from '../interface/use-load.ts'
import { usePages } from '../interface/use-pages.ts'
import { useSpeech } from '../language/index.tsx'
import { consoleWords } from './console-words.ts'
import { MessageDialog } from './message-dialog.tsx'
import { MessageFilters } from './message-filters.tsx'
import { MessageRow } from './message-row.tsx'
import { MessageTiles } from './message-tiles.tsx'
import { manyOf, queryOf, readChosen } from './message-view.ts'

/** Every message the house wished to send: how all stand, those that fit the choice, and what may be done about them. */
export function MessageList({ counts }: { counts: Load<OpsNotificationCounts> }) {
  const { language, words: all } = useSpeech()
  const words = consoleWords[language]
  const { query } = useLocation()
  const chosen = readChosen(query)
  const pages = usePages(`messages:${JSON.stringify(chosen)}`, (cursor) =>
    thabit.opsNotifications({ ...queryOf(chosen), ...(cursor ? { cursor } : {}) }),
  )
  const [asking, setAsking] = useState(false)
  const [lined, setLined] = useState<number | null>(null)
  const again = () => {
    counts.reload()
    pages.reload()
  }
  const redriveMany = async () => {
    const many = manyOf(chosen.narrowing)
    const { count } = await keyed(`redrive ${JSON.stringify(many)}`, (key) => thabit.redriveMany(key, many))
    setLined(count)
    again()
  }
  const failedHere = pages.items?.some(({ status }) => status === 'FAILED') ?? false
  return (
    <section class="board" aria-label={all.ops.messages}>
      <p class="faint">{words.lead}</p>
      <Trouble error={counts.error} retry={counts.reload} />
      <MessageTiles counts={counts.data} chosen={chosen} />
      <MessageFilters chosen={chosen} />
      {(counts.data?.redriving ?? 0) > 0 && <output class="bad-text">{words.redriving(counts.data?.redriving ?? 0)}</output>}
      {lined !== null && <output>{words.lined(lined)}</output>}
      {chosen.view === 'open' && failedHere && (
        <div class="acts">
          <Button kind="quiet" onPress={() => setAsking(true)}>
            {words.redriveAll}
          </Button>
        </div>
      )}
      {asking && <MessageDialog act="many" press={words.redrive} onDo={redriveMany} onClose={() => setAsking(false)} />}
      <Trouble error={pages.error} retry={pages.reload} />
      {!pages.items && !pages.error && <Skeleton rows={4} tall />}
      {pages.items?.length === 0 && <p class="empty">{chosen.view === 'open' ? words.noneOpen : words.none}</p>}
      <ul class="rows">
        {pages.items?.map((message) => (
          <MessageRow
            key={message.id}
            message={message}
            onChange={(changed) => {
              pages.put(changed)
              counts.reload()
            }}
          />
        ))}
      </ul>
      <More pages={pages} />
    </section>
  )
}
