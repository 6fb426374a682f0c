/** What the customer has chosen so far. It lives in the address, so that reload, back and sharing keep it. */
export type Choice = {
  service: string | null
  /** A resource's id, `any`, or null while not yet chosen. */
  person: string | null
  /** The business's calendar day being looked at. */
  day: string | null
  /** The start of the chosen slot, an instant. */
  time: string | null
  /** Set once the customer has asked for it: from here on the phone and the booking follow. */
  confirm: boolean
}

export const emptyChoice: Choice = { service: null, person: null, day: null, time: null, confirm: false }

export function readChoice(query: Record<string, string>): Choice {
  const { service = null, person = null, day = null, time = null } = query
  return {
    service,
    person,
    day: day && /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day)) ? day : null,
    time: time && !Number.isNaN(Date.parse(time)) ? time : null,
    confirm: query['confirm'] === '1',
  }
}

export function addressOf(slug: string, choice: Choice): string {
  const query = new URLSearchParams()
  for (const name of ['service', 'person', 'day', 'time'] as const) {
    const value = choice[name]
    if (value) query.set(name, value)
  }
  if (choice.confirm) query.set('confirm', '1')
  const text = query.toString()
  return `/b/${encodeURIComponent(slug)}${text && `?${text}`}`
}
