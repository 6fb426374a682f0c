import type { Slot } from '@thabit/sdk'
import { thabit } from '../accounts/session.ts'
import { Trouble } from '../interface/notice.tsx'
import { Skeleton } from '../interface/skeleton.tsx'
import { useLoad } from '../interface/use-load.ts'
import { useSpeech } from '../language/index.tsx'
import { addDays, localDateTime } from '../language/local-time.ts'
import { DayStrip } from './day-strip.tsx'
import { countOf, slotsByDay, workingDay } from './slots-by-day.ts'
import { Times } from './times.tsx'

const daysShown = 14

type Props = {
  slug: string
  serviceId: string
  resourceId: string | null
  branchId: string
  zone: string
  day: string | null
  dayAddress: (day: string) => string
  timeAddress: (slot: Slot) => string
}

/** Two weeks at a time: a strip of days, and the free times of the one looked at, all in the business's own time. */
export function SlotPicker({ slug, serviceId, resourceId, branchId, zone, day, dayAddress, timeAddress }: Props) {
  const { words, format } = useSpeech()
  const today = workingDay(thabit.serverNow(), zone)
  const block = day && day > today ? Math.floor(daysBetween(today, day) / daysShown) : 0
  const first = addDays(today, block * daysShown)
  // One day more than shown: the last night runs past midnight.
  const query = {
    serviceId,
    branchId,
    from: block === 0 ? localDateTime(thabit.serverNow(), zone).date : first,
    to: addDays(first, daysShown),
    ...(resourceId ? { resourceId } : {}),
  }
  const free = useLoad(`slots:${slug}:${JSON.stringify(query)}`, () => thabit.slots(slug, query))
  const days = free.data ? slotsByDay(free.data.slots, zone) : null
  const dates = Array.from({ length: daysShown }, (_, index) => addDays(first, index))
  const firstFree = dates.find((date) => countOf(days?.get(date)) > 0) ?? null
  const shown = day && dates.includes(day) ? day : firstFree
  const nextFree = shown ? dates.find((date) => date > shown && countOf(days?.get(date)) > 0) : undefined

  return (
    <div class="slot-picker">
      <p class="zone">{words.inZone(format.city(zone))}</p>
      <DayStrip
        dates={dates}
        counts={days && ((date) => countOf(days.get(date)))}
        selected={shown}
        address={dayAddress}
        earlier={block > 0 ? dayAddress(addDays(first, -daysShown)) : null}
        later={dayAddress(addDays(first, daysShown))}
      />
      <Trouble error={free.error} retry={free.reload} />
      {free.busy && <Skeleton rows={3} />}
      {days && !shown && <p class="empty">{words.noTimes}</p>}
      {days && shown && (
        <Times day={shown} slots={days.get(shown) ?? null} zone={zone} address={timeAddress}>
          {nextFree && (
            <a class="button quiet" href={dayAddress(nextFree)}>
              {words.nextFreeDay(format.day(nextFree))}
            </a>
          )}
        </Times>
      )}
    </div>
  )
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)
}
