/** A vendor's report that nobody signed: the members of a form or of JSON, whichever came, by lower-case name. */
export function unsignedMembers(rawBody: Buffer): Map<string, string>[] {
  const text = rawBody.toString('utf8').trim()
  if (text === '') return []
  if (!/^[[{]/.test(text)) return [byLowerCase([...new URLSearchParams(text)])]
  try {
    const value: unknown = JSON.parse(text)
    return (Array.isArray(value) ? value : [value]).flatMap((one: unknown) =>
      typeof one === 'object' && one !== null && !Array.isArray(one) ? [byLowerCase(Object.entries(one))] : [],
    )
  } catch {
    return []
  }
}

function byLowerCase(entries: [string, unknown][]): Map<string, string> {
  return new Map(
    entries.flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [[name.toLowerCase(), String(value).slice(0, 200)] as const] : [],
    ),
  )
}

/** `2026-09-06 14:06:25.979`, `2026-09-06T14:06:25Z`; no zone is written and none is documented, so it is read as UTC. */
export function wallTime(text: string | undefined): Temporal.Instant | null {
  const [, date, time] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)Z?$/.exec(text ?? '') ?? []
  if (date === undefined || time === undefined) return null
  try {
    return Temporal.Instant.from(`${date}T${time}Z`)
  } catch {
    return null
  }
}
