import { useId } from 'preact/hooks'

type Props = { label: string; value: string; choices: { value: string; text: string }[]; onChoice: (value: string) => void }

export function Choice({ label, value, choices, onChoice }: Props) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChoice(event.currentTarget.value)}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.text}
          </option>
        ))}
      </select>
    </div>
  )
}
