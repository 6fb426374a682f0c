/** A half-open stretch of minutes: `from` belongs to it, `to` does not. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** The same time, sorted, with what touches or overlaps made one, and what is empty or turned around left out. */
export function merge(spans: readonly Span[]): Span[] {
  const sorted = spans.filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from)
  const merged: { from: number; to: number }[] = []
  for (const { from, to } of sorted) {
    const last = merged.at(-1)
    if (last && from <= last.to) last.to = Math.max(last.to, to)
    else merged.push({ from, to })
  }
  return merged
}

/** What is left of `spans` without `taken`. Both sorted and merged; one pass over each. */
export function subtract(spans: readonly Span[], taken: readonly Span[]): Span[] {
  const left: Span[] = []
  let next = 0
  for (const { from, to } of spans) {
    let start = from
    while (next < taken.length && taken[next]!.to <= start) next += 1
    for (let at = next; at < taken.length && taken[at]!.from < to; at += 1) {
      const { from: takenFrom, to: takenTo } = taken[at]!
      if (takenFrom > start) left.push({ from: start, to: takenFrom })
      start = Math.max(start, takenTo)
    }
    if (start < to) left.push({ from: start, to })
  }
  return left
}

export interface Shape {
  durationMinutes: number
  bufferBeforeMinutes: number
  bufferAfterMinutes: number
}

/**
 * The minutes at which something of this shape may start: the visible time lies in what is open, and the time with its
 * buffers meets nothing taken. Buffers may lie outside the opening: a room can be cleaned before the door opens.
 * `open` is sorted and merged; `taken` need not be.
 */
export function startWindows(
  open: readonly Span[],
  taken: readonly Span[],
  { durationMinutes, bufferBeforeMinutes, bufferAfterMinutes }: Shape,
): Span[] {
  const possible = open.map(({ from, to }) => ({ from, to: to - durationMinutes + 1 })).filter(({ from, to }) => from < to)
  const blocked = taken.map(({ from, to }) => ({ from: from - durationMinutes - bufferAfterMinutes + 1, to: to + bufferBeforeMinutes }))
  return subtract(possible, merge(blocked))
}

/** Whether a sorted, merged list covers a minute. */
export function covers(spans: readonly Span[], minute: number): boolean {
  let low = 0
  let high = spans.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (spans[middle]!.to <= minute) low = middle + 1
    else high = middle
  }
  const found = spans[low]
  return found !== undefined && found.from <= minute
}
