/** Points where a card leads: onward in the direction of reading. */
export function Chevron() {
  return <span class="chevron" aria-hidden="true" />
}
