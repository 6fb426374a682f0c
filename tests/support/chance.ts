/** Choices that can be repeated: the seed is told, and taken from THABIT_SEED when it is given. */
export function seeded(): { seed: number; pick: <T>(from: readonly T[]) => T } {
  const seed = Number(process.env['THABIT_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return { seed, pick: (from) => from[Math.floor(next() * from.length)]! }
}

/** Does the same `count` times, `width` at once. */
export async function inParallel<T>(count: number, width: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = []
  let begun = 0
  const lane = async () => {
    while (begun++ < count) results.push(await work())
  }
  await Promise.all(Array.from({ length: width }, lane))
  return results
}
