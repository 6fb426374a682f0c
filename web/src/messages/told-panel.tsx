import { thabit } from '../accounts/session.ts'
import { Trouble } from '../interface/notice.tsx'
import { Skeleton } from '../interface/skeleton.tsx'
import { useLoad } from '../interface/use-load.ts'
import { useSpeech } from '../language/index.tsx'
import { messageWords } from './message-words.ts'
import { ToldLine } from './told-line.tsx'
import './messages.css'

/** Whether the customer of a booking was told, for those who work there: every message, the newest first. */
export function ToldPanel({ bookingId, zone }: { bookingId: string; zone: string }) {
  const { language, words: all, to } = useSpeech()
  const words = messageWords[language]
  const booking = useLoad(`told:${bookingId}`, () => thabit.booking(bookingId))
  return (
    <section class="panel">
      <h2>{words.toldTitle}</h2>
      <Trouble error={booking.error} retry={booking.reload} />
      {booking.busy && <Skeleton rows={1} />}
      {booking.data?.notifications.length === 0 && <p class="faint">{words.toldNone}</p>}
      {booking.data && booking.data.notifications.length > 0 && (
        <>
          <ul class="told-lines">
            {booking.data.notifications.toReversed().map((message) => (
              <ToldLine key={`${message.kind} ${message.channel} ${message.createdAt}`} message={message} zone={zone} />
            ))}
          </ul>
          <p class="hint">{words.evidence}</p>
        </>
      )}
      {booking.data && (
        <a class="button quiet" href={to(`/b/${booking.data.businessSlug}/unreached`)}>
          {all.unreachedLink}
        </a>
      )}
    </section>
  )
}
