import { createHmac } from 'node:crypto'
import type { Transaction } from '#database'
import { type CodeLimit, limitLeftSeconds, take } from './limit-queries.ts'
import { toLimitedAddress } from './network-address.ts'

/** Wrong guesses for one number in a day, whichever challenges they were made on: five each would add up without end. */
const wrongGuessesFromOneAddress = 20
/** From all addresses together. Higher, so that a stranger at another address does not lock the owner of the number out. */
const wrongGuessesInAll = 100

/** A code's worth of numbers that share a range: the number without its last four digits. */
const rangeDigits = 4
/** Codes to one range in a quarter of an hour of which fewer than this share are typed in: nobody real is asking. */
export const prefixBreaker = { sends: 50, share: 0.2 }
/** What each number that signed in from an address today adds to what that address may ask for. */
const roomPerVerifiedNumber = 2

const day = 86_400
const hour = 3_600

/** An address as it is kept: enough to be counted, useless to whoever reads the table without the secret. */
export function toAddressKey(secret: string, address: string): string {
  return createHmac('sha256', secret)
    .update(`address|${toLimitedAddress(address)}`)
    .digest('base64url')
    .slice(0, 24)
}

export function prefixOf(phone: string): string {
  return phone.slice(0, -rangeDigits)
}

/** One of 32, for a label: tells ranges apart a little and names none. */
export function prefixBucket(phone: string): string {
  let hash = 2_166_136_261
  for (const letter of prefixOf(phone)) hash = Math.imul(hash ^ letter.charCodeAt(0), 16_777_619)
  return String((hash >>> 0) % 32)
}

export const limits = {
  phone: (phone: string, most: number): CodeLimit => ({ scope: 'phone', key: phone, windowSeconds: day, most }),
  /** Half of a number's codes at most are one address's to ask for: a stranger cannot use up the owner's. */
  phoneFrom: (phone: string, addressKey: string, mostOfPhone: number): CodeLimit => ({
    scope: 'phone_from',
    key: `${phone}|${addressKey}`,
    windowSeconds: day,
    most: Math.ceil(mostOfPhone / 2),
  }),
  address: (addressKey: string, most: number, verifiedNumbers: number): CodeLimit => ({
    scope: 'address',
    key: addressKey,
    windowSeconds: hour,
    most: most + roomPerVerifiedNumber * verifiedNumbers,
  }),
  total: (most: number): CodeLimit => ({ scope: 'total', key: '', windowSeconds: hour, most }),
  guessesFrom: (phone: string, addressKey: string): CodeLimit => ({
    scope: 'guess_from',
    key: `${phone}|${addressKey}`,
    windowSeconds: day,
    most: wrongGuessesFromOneAddress,
  }),
  guesses: (phone: string): CodeLimit => ({ scope: 'guess', key: phone, windowSeconds: day, most: wrongGuessesInAll }),
  /** In minor units; '' is every country together. */
  spend: (country: string, most: number): CodeLimit => ({ scope: 'spend', key: country, windowSeconds: day, most }),
  proof: (challenge: string): CodeLimit => ({ scope: 'proof', key: challenge, windowSeconds: 720, most: 1 }),
}

/** Counts against a limit. Null, or in how many seconds there is room again. */
export async function countAgainst(tx: Transaction, limit: CodeLimit, amount = 1): Promise<number | null> {
  return (await take(tx, limit, amount)) ? null : ((await limitLeftSeconds(tx, limit, amount)) ?? 60)
}
