/*
 *            ┌──────────────► cancelled ◄──┐
 * (new) ► held ──paid / free──► confirmed ─┤► completed
 *            │                     ▲  │ ▲  ├► no_show ◄── completed
 *            └─time ran out─► expired │ └── rescheduled (version + 1)
 *                                └────┘ paid late, the time still free
 */
export const bookingStatuses = ['held', 'confirmed', 'completed', 'no_show', 'cancelled', 'expired'] as const
export type BookingStatus = (typeof bookingStatuses)[number]

/** Every step a booking may take; a status missing here does not compile. */
export const allowedSteps = {
  held: ['confirmed', 'expired', 'cancelled'],
  confirmed: ['confirmed', 'completed', 'no_show', 'cancelled'],
  expired: ['confirmed'],
  // Said a little late: the sweep had completed it.
  completed: ['no_show'],
  no_show: [],
  cancelled: [],
} as const satisfies Record<BookingStatus, readonly BookingStatus[]>

/** Whether a booking in this status owns the time it claims. */
export const ownsTime = {
  held: true,
  confirmed: true,
  completed: true,
  no_show: true,
  cancelled: false,
  expired: false,
} as const satisfies Record<BookingStatus, boolean>

export function mayStep(from: BookingStatus, to: BookingStatus): boolean {
  return (allowedSteps[from] as readonly BookingStatus[]).includes(to)
}
