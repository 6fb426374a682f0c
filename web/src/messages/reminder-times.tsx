import { Tick } from '../interface/tick.tsx'
import { useSpeech } from '../language/index.tsx'
import { messagingWords } from './messaging-words.ts'

const usual = [30, 60, 120, 240, 1_440, 2_880, 4_320, 10_080]
const most = 4

/** Moments before the start; one that is not among the usual ones stays to be taken away. */
export function ReminderTimes({ minutes, onMinutes }: { minutes: number[]; onMinutes: (minutes: number[]) => void }) {
  const { language } = useSpeech()
  const words = messagingWords[language]
  const said = (each: number) => {
    if (each % 1_440 === 0) return words.before.days(each / 1_440)
    return each % 60 === 0 ? words.before.hours(each / 60) : words.before.minutes(each)
  }
  const choices = [...new Set([...usual, ...minutes])].toSorted((a, b) => b - a)
  return (
    <section class="panel">
      <h2>{words.reminders}</h2>
      <p class="hint">{words.remindersHint}</p>
      {choices.map((each) => (
        <Tick
          key={each}
          on={minutes.includes(each)}
          onChange={(on) => onMinutes(on ? [...minutes, each].slice(-most) : minutes.filter((other) => other !== each))}
        >
          {said(each)}
        </Tick>
      ))}
    </section>
  )
}
