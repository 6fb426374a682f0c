import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** A riddle a browser solves by trying, in a second or two; for whoever sends thousands of requests it adds up. */
export interface Riddle {
  challenge: string
  /** How many leading zero bits the SHA-256 of `challenge:solution` must have. */
  difficulty: number
}

export interface Proof {
  challenge: string
  solution: string
}

export const riddleLifeSeconds = 300
const least = 14
const most = 19

/** Twice the work for each doubling of what is asked beyond the threshold. */
export function difficultyFor(asked: number, threshold: number): number {
  return Math.min(most, least + Math.max(0, Math.floor(Math.log2(Math.max(1, asked) / Math.max(1, threshold)))))
}

/** A riddle nobody can make but us, which says itself how hard it is and when it was made; nothing is kept of it. */
export function newRiddle(secret: string, difficulty: number, nowMs: number): Riddle {
  const said = `${difficulty}.${Math.floor(nowMs / 1_000)}.${randomBytes(12).toString('base64url')}`
  return { challenge: `${said}.${sign(secret, said)}`, difficulty }
}

/** Whether a proof solves a riddle of ours that is not too old. That it is used once is for the caller to see to. */
export function isSolved(secrets: readonly string[], { challenge, solution }: Proof, nowMs: number): boolean {
  const end = challenge.lastIndexOf('.')
  const said = challenge.slice(0, end)
  const [difficulty, madeAt] = said.split('.').map(Number)
  if (end <= 0 || !secrets.some((secret) => sameText(sign(secret, said), challenge.slice(end + 1)))) return false
  const ageSeconds = nowMs / 1_000 - Number(madeAt)
  if (!(ageSeconds >= -5 && ageSeconds <= riddleLifeSeconds)) return false
  return leadingZeroBits(createHash('sha256').update(`${challenge}:${solution}`).digest()) >= Number(difficulty)
}

export function leadingZeroBits(digest: Uint8Array): number {
  let bits = 0
  for (const byte of digest) {
    if (byte !== 0) return bits + Math.clz32(byte) - 24
    bits += 8
  }
  return bits
}

function sign(secret: string, said: string): string {
  return createHmac('sha256', secret).update(`riddle|${said}`).digest('base64url')
}

function sameText(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)]
  return left.length === right.length && timingSafeEqual(left, right)
}
