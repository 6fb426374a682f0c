import type { Queryable } from '#database'
import { type CodeLimit, limitLeftSeconds, takeOne } from './queries.ts'

/** Wrong guesses for one number in a day, whichever challenges they were made on: five each would add up without end. */
const wrongGuessesPerDay = 20

const day = 86_400
const hour = 3_600

export const limits = {
  phone: (phone: string, most: number): CodeLimit => ({ scope: 'phone', key: phone, windowSeconds: day, most }),
  address: (address: string, most: number): CodeLimit => ({ scope: 'address', key: address, windowSeconds: hour, most }),
  total: (most: number): CodeLimit => ({ scope: 'total', key: '', windowSeconds: hour, most }),
  guesses: (phone: string): CodeLimit => ({ scope: 'guess', key: phone, windowSeconds: day, most: wrongGuessesPerDay }),
}

/** Counts one against a limit. Null, or in how many seconds there is room again. */
export async function countAgainst(db: Queryable, limit: CodeLimit): Promise<number | null> {
  return (await takeOne(db, limit)) ? null : limitLeftSeconds(db, limit)
}
