import { useSpeech } from '../language/index.tsx'

type Props<T extends string> = { section: string; name: string; value: T | null; choices: readonly T[]; label: (choice: T) => string }

/** Choices as links, so that a filtered list has an address of its own. */
export function Filter<T extends string>({ section, name, value, choices, label }: Props<T>) {
  const { words, to } = useSpeech()
  const address = (choice: T | null) => to(`/ops?${new URLSearchParams({ section, ...(choice ? { [name]: choice } : {}) }).toString()}`)
  return (
    <nav class="filter" aria-label={words.ops.filterStatus}>
      <a href={address(null)} aria-current={value === null ? 'true' : undefined}>
        {words.ops.all}
      </a>
      {choices.map((choice) => (
        <a key={choice} href={address(choice)} aria-current={value === choice ? 'true' : undefined}>
          {label(choice)}
        </a>
      ))}
    </nav>
  )
}
