import { randomInt } from 'node:crypto'

/** No letter or digit that is taken for another when read out or copied by hand. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ'

/** What people call a booking by: `TH-7K3M-9QXP`, one of 6.5 × 10¹¹. It names a booking; it opens none. */
export function newReference(): string {
  const pick = () => Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join('')
  return `TH-${pick()}-${pick()}`
}
