/** What the server sets before it sends a code to somebody it has reason to doubt: work that only adds up for those who ask a thousand times. */
export type Riddle = { challenge: string; difficulty: number }

const together = 128

/**
 * Tries until the SHA-256 of `challenge:solution` begins with so many zero bits; a second or two on a telephone. The browser
 * hashes beside the page, so the page stays quick. Null where it cannot hash: only a page that did not come over https.
 */
export async function solveRiddle({ challenge, difficulty }: Riddle): Promise<{ challenge: string; solution: string } | null> {
  const subtle: SubtleCrypto | undefined = globalThis.crypto.subtle
  if (subtle === undefined) return null
  const words = new TextEncoder()
  for (let first = 0; ; first += together) {
    const tried = await Promise.all(
      Array.from({ length: together }, async (_, index) => {
        const solution = (first + index).toString(36)
        const digest = await subtle.digest('SHA-256', words.encode(`${challenge}:${solution}`))
        return startsWithZeroBits(new Uint8Array(digest), difficulty) ? solution : null
      }),
    )
    const solution = tried.find((found) => found !== null)
    if (solution !== undefined) return { challenge, solution }
  }
}

function startsWithZeroBits(digest: Uint8Array, bits: number): boolean {
  const whole = bits >> 3
  for (let index = 0; index < whole; index++) if (digest[index] !== 0) return false
  return (digest[whole] ?? 0) >> (8 - (bits & 7)) === 0
}
