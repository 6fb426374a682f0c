/** A round sign with the first letter of a name, in one of a few tints that stays the same for the same `tint`. */
export function Emblem({ name, tint }: { name: string; tint: string }) {
  const tints = 5
  let sum = 0
  for (const letter of tint) sum += letter.codePointAt(0) ?? 0
  // The Arabic article says nothing about a name, so the letter after it is taken.
  const letter = name.replace(/^(?:د\.|ال(?=..)|Dr\.?\s|The\s)\s*/u, '').at(0) ?? ''
  return (
    <span class={`emblem tint-${sum % tints}`} aria-hidden="true">
      {letter}
    </span>
  )
}
