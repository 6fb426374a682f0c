/**
 * Ways to take one out of each list so that none is taken twice: those at the front of the lists first, at most `limit`.
 * A service needs few things at once, so trying them one after another is quick.
 */
export function distinct(lists: readonly (readonly string[])[], limit: number): string[][] {
  const found: string[][] = []
  const taken: string[] = []
  const choose = (at: number): void => {
    const list = lists[at]
    if (!list) {
      found.push([...taken])
      return
    }
    for (const id of list) {
      if (found.length >= limit) return
      if (taken.includes(id)) continue
      taken.push(id)
      choose(at + 1)
      taken.pop()
    }
  }
  choose(0)
  return found
}
