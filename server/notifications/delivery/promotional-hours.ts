/** From and to, as minutes of the day at the business. */
export interface Hours {
  fromMinutes: number
  toMinutes: number
}

/** The middle that every source of the regulator's rule agrees on. */
export const cautiousHours: Hours = { fromMinutes: 9 * 60, toMinutes: 19 * 60 }

/** Milliseconds until advertising may be sent in this zone; 0 within the hours. */
export function waitForHoursMs(now: Temporal.Instant, zone: string, { fromMinutes, toMinutes }: Hours): number {
  const local = now.toZonedDateTimeISO(zone)
  const minutes = local.hour * 60 + local.minute
  if (minutes >= fromMinutes && minutes < toMinutes) return 0
  const day = minutes < fromMinutes ? local : local.add({ days: 1 })
  const opens = day.toPlainDate().toZonedDateTime({
    timeZone: zone,
    plainTime: new Temporal.PlainTime(Math.floor(fromMinutes / 60), fromMinutes % 60),
  })
  return opens.epochMilliseconds - now.epochMilliseconds
}

/** `09:00-19:00`; undefined when it is not written so. */
export function readHours(text: string): Hours | undefined {
  const [, fromHour, fromMinute, toHour, toMinute] = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? []
  if (fromHour === undefined) return undefined
  const hours = { fromMinutes: Number(fromHour) * 60 + Number(fromMinute), toMinutes: Number(toHour) * 60 + Number(toMinute) }
  return hours.fromMinutes < hours.toMinutes ? hours : undefined
}
