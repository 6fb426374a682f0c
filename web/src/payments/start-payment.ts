import type { Booking, StartedPayment } from '@thabit/sdk'
import { thabit } from '../accounts/session.ts'
import { keyed } from '../interface/keyed-wish.ts'

/** Starts a payment, once for what is known of the booking: two tabs that see the same earlier attempt ask under one key. */
export async function startPayment(booking: Booking): Promise<StartedPayment> {
  return await keyed(paymentWish(booking), (key) => thabit.startPayment(key, booking.id))
}

/** The gateway's page of an attempt that can still be finished. */
export function openGatewayPage(booking: Booking): string | null {
  const { payment } = booking
  return payment?.status === 'redirected' ? payment.redirectUrl : null
}

export function paymentWish(booking: Booking): string {
  return `pay ${booking.id} after ${booking.payment?.id ?? 'none'}`
}
