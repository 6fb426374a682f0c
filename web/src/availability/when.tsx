import { useSpeech } from '../language/index.tsx'
import { localDateTime } from '../language/local-time.ts'
import { dayPart, workingDay } from './slots-by-day.ts'

/** A time in full: day, both calendars, hours, and the city whose clock it is; a late hour names its night. */
export function When({ startsAt, endsAt, zone }: { startsAt: string; endsAt?: string; zone: string }) {
  const { words, format } = useSpeech()
  return (
    <span class="when">
      <strong>{format.day(localDateTime(startsAt, zone).date)}</strong>
      {words.comma}
      <span class="when-time">
        <bdi>{format.time(startsAt, zone)}</bdi>
        {endsAt && (
          <>
            {' – '}
            <bdi>{format.time(endsAt, zone)}</bdi>
          </>
        )}
      </span>
      {dayPart(startsAt, zone) === 'night' && (
        <span class="late block">{words.afterMidnight(format.weekday(workingDay(startsAt, zone)))}</span>
      )}
      <span class="faint block small">
        {format.hijri(localDateTime(startsAt, zone).date)} · {words.zone(format.city(zone))}
      </span>
    </span>
  )
}
