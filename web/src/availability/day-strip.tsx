import { useEffect, useRef } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { useSpeech } from '../language/index.tsx'

type Props = {
  dates: string[]
  /** How many times are free on a date; null while not yet known. */
  counts: ((date: string) => number) | null
  selected: string | null
  address: (date: string) => string
  earlier: string | null
  later: string
}

/** Days side by side under the names of their months, the Hijri day small beneath. */
export function DayStrip({ dates, counts, selected, address, earlier, later }: Props) {
  const { words, format } = useSpeech()
  const { route } = useLocation()
  const chosen = useRef<HTMLAnchorElement>(null)
  useEffect(() => {
    chosen.current?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [selected, dates[0]])
  // Looking at another day is not a step: the back button returns to the step before.
  const look = (href: string) => (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    event.stopPropagation()
    route(href, true)
  }
  const first = dates[0] ?? ''
  const last = dates.at(-1) ?? first

  return (
    <nav class="days" aria-label={words.days}>
      <div class="days-head">
        {earlier ? (
          <a class="icon-button back" href={earlier} onClick={look(earlier)} aria-label={words.earlier} />
        ) : (
          <span class="icon-button back off" aria-hidden="true" />
        )}
        <p class="month">
          {format.month(first) === format.month(last) ? format.monthYear(first) : `${format.month(first)} – ${format.monthYear(last)}`}
          <span class="faint block small">{format.hijri(selected ?? first)}</span>
        </p>
        <a class="icon-button forward" href={later} onClick={look(later)} aria-label={words.later} />
      </div>
      <ol class="day-strip">
        {dates.map((date) => {
          const count = counts?.(date) ?? null
          const spoken =
            count === null ? format.day(date) : `${format.day(date)}: ${count === 0 ? words.noneThatDay : words.timesCount(count)}`
          const face = (
            <>
              <span class="day-face" aria-hidden="true">
                <span class="day-month">{date === first || date.endsWith('-01') ? format.month(date) : '\u00a0'}</span>
                <span class="day-weekday">{format.shortWeekday(date)}</span>
                <span class="day-number">{format.dayNumber(date)}</span>
                <span class="day-hijri">{format.hijriDay(date)}</span>
              </span>
              <span class="hidden">{spoken}</span>
            </>
          )
          return (
            <li key={date}>
              {count === 0 ? (
                <span class="day none">{face}</span>
              ) : (
                <a
                  class="day"
                  ref={date === selected ? chosen : null}
                  href={address(date)}
                  onClick={look(address(date))}
                  aria-current={date === selected ? 'date' : undefined}
                >
                  {face}
                </a>
              )}
            </li>
          )
        })}
      </ol>
    </nav>
  )
}
