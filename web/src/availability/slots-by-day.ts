import type { Slot } from '@thabit/sdk'
import { addDays, localDateTime } from '../language/local-time.ts'

/** Before this hour a time still belongs to the evening before it: a court open to 02:00 closes on the same working day. */
export const dayBeginsAtHour = 5

export type DayPart = 'daytime' | 'afternoon' | 'evening' | 'night'
export type DaySlots = Record<DayPart, Slot[]>

/** The working day, as the business lives it, that an instant belongs to. */
export function workingDay(instant: string | number, zone: string): string {
  const { date, hour } = localDateTime(instant, zone)
  return hour < dayBeginsAtHour ? addDays(date, -1) : date
}

export function dayPart(instant: string, zone: string): DayPart {
  const { hour } = localDateTime(instant, zone)
  if (hour < dayBeginsAtHour) return 'night'
  if (hour < 12) return 'daytime'
  return hour < 17 ? 'afternoon' : 'evening'
}

export function slotsByDay(slots: readonly Slot[], zone: string): Map<string, DaySlots> {
  const days = new Map<string, DaySlots>()
  for (const slot of slots) {
    const date = workingDay(slot.startsAt, zone)
    const day = days.get(date) ?? { daytime: [], afternoon: [], evening: [], night: [] }
    day[dayPart(slot.startsAt, zone)].push(slot)
    days.set(date, day)
  }
  return days
}

export function countOf(day: DaySlots | undefined): number {
  return day ? day.daytime.length + day.afternoon.length + day.evening.length + day.night.length : 0
}
