import type { ComponentChildren } from 'preact'
import type { Slot } from '@thabit/sdk'
import { useSpeech } from '../language/index.tsx'
import { addDays } from '../language/local-time.ts'
import { countOf, type DayPart, type DaySlots } from './slots-by-day.ts'

const parts: DayPart[] = ['daytime', 'afternoon', 'evening', 'night']

type Props = { day: string; slots: DaySlots | null; zone: string; address: (slot: Slot) => string; children?: ComponentChildren }

/** The free times of one working day; those after midnight stay under its evening and say on which date they fall. */
export function Times({ day, slots, zone, address, children }: Props) {
  const { words, format } = useSpeech()
  if (!slots || countOf(slots) === 0) {
    return (
      <output class="empty">
        <p>{words.noTimesThatDay}</p>
        {children}
      </output>
    )
  }
  const titles: Record<DayPart, string> = {
    daytime: words.daytime,
    afternoon: words.afternoon,
    evening: words.evening,
    night: words.afterMidnight(format.weekday(day)),
  }
  return (
    <section class="times" aria-label={words.timesOn(format.day(day))}>
      {parts
        .filter((part) => slots[part].length > 0)
        .map((part) => (
          <div key={part}>
            <h3>
              {titles[part]}
              {part === 'night' && <span class="faint block small">{words.dateAfterMidnight(format.day(addDays(day, 1)))}</span>}
            </h3>
            <ul class="time-grid">
              {slots[part].map((slot) => (
                <li key={slot.startsAt}>
                  <a class="time" href={address(slot)}>
                    <bdi>{format.time(slot.startsAt, zone)}</bdi>
                  </a>
                </li>
              ))}
            </ul>
          </div>
        ))}
    </section>
  )
}
