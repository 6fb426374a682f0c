import { useId } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { useSpeech } from '../language/index.tsx'
import { messageWords } from '../messages/message-words.ts'
import { type ConsoleWords, consoleWords } from './console-words.ts'
import { addressOf, type Choice, choices, type Chosen, type Narrowing } from './message-view.ts'

/** By what the list may be narrowed. It is a form like any other: nothing moves until it is sent. */
export function MessageFilters({ chosen }: { chosen: Chosen }) {
  const { language, to } = useSpeech()
  const words = consoleWords[language]
  const { route } = useLocation()
  const id = useId()
  const set = Object.keys(chosen.narrowing).length
  const label = labels(words, messageWords[language])
  const send = (form: HTMLFormElement) => {
    const narrowing: Narrowing = {}
    for (const [name, value] of new FormData(form)) {
      if (typeof value === 'string' && value.trim()) narrowing[name as keyof Narrowing] = value.trim().toLowerCase()
    }
    route(to(addressOf({ view: chosen.view, narrowing: narrowing })))
  }
  return (
    <details class="message-filters" open={set > 0}>
      <summary>{set > 0 ? words.filtersSet(set) : words.filters}</summary>
      <form
        // What is written in it is the address’s: another address, another form.
        key={JSON.stringify(chosen)}
        onSubmit={(event) => {
          event.preventDefault()
          send(event.currentTarget)
        }}
      >
        <div class="filter-fields">
          {(Object.keys(choices) as Choice[]).map((name) => (
            <div class="field" key={name}>
              <label for={`${id}-${name}`}>{label[name].name}</label>
              <select id={`${id}-${name}`} name={name} defaultValue={chosen.narrowing[name] ?? ''}>
                <option value="">{words.any}</option>
                {choices[name].map((choice) => (
                  <option key={choice} value={choice} selected={chosen.narrowing[name] === choice}>
                    {label[name].of[choice] ?? choice}
                  </option>
                ))}
              </select>
            </div>
          ))}
          <div class="field">
            <label for={`${id}-business`}>{words.business}</label>
            <input
              id={`${id}-business`}
              name="business"
              dir="ltr"
              autocomplete="off"
              maxLength={60}
              defaultValue={chosen.narrowing.business ?? ''}
            />
          </div>
        </div>
        <div class="actions">
          <button class="button primary" type="submit">
            {words.apply}
          </button>
          {set > 0 && (
            <a class="button quiet" href={to(addressOf({ view: chosen.view, narrowing: {} }))}>
              {words.clear}
            </a>
          )}
        </div>
      </form>
    </details>
  )
}

function labels(
  words: ConsoleWords,
  { kind, channel }: (typeof messageWords)['ar'],
): Record<Choice, { name: string; of: Record<string, string> }> {
  return {
    channel: { name: words.channel, of: channel },
    provider: { name: words.provider, of: {} },
    errorClass: { name: words.errorClass, of: words.classes },
    kind: { name: words.kind, of: kind },
    delivery: { name: words.delivery, of: words.said },
    olderThanMinutes: { name: words.age, of: words.ages },
  }
}
