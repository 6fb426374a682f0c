import { createHmac, randomInt, timingSafeEqual } from 'node:crypto'
import { toLatinDigits } from '#foundation'

const digits = 6
export const codeLifeMinutes = 5
/** Also a check in the schema. */
export const guessesPerChallenge = 5

/** What a code is good for: it proves one number, for one challenge, for one purpose. */
export interface CodeSubject {
  purpose: 'sign-in'
  phone: string
  challengeId: string
}

/** A million values, each as likely as the next, leading zeros included. */
export function newCode(): string {
  return String(randomInt(10 ** digits)).padStart(digits, '0')
}

/** A code as a person wrote it, in any digits and with spaces; null when it cannot be one. */
export function readCode(written: string): string | null {
  const code = toLatinDigits(written).replace(/[\s\p{Cf}-]/gu, '')
  return /^\d{6}$/.test(code) ? code : null
}

/** What is stored in a code's place. Keyed, because all million unkeyed hashes are tried in a blink. */
export function hashCode(secret: string, { purpose, phone, challengeId }: CodeSubject, code: string): Buffer {
  return createHmac('sha256', secret).update([purpose, phone, challengeId, code].join('|')).digest()
}

/** Whether a code is the stored one, under the secret of now or one from just before. */
export function isCode(secrets: readonly string[], stored: Uint8Array, subject: CodeSubject, code: string): boolean {
  return secrets.map((secret) => timingSafeEqual(hashCode(secret, subject, code), stored)).includes(true)
}
