/* What customers are told. A message can fail; nothing else ever fails because of one. */
import { type Booking, type Message, type Model } from './model.ts'

const tries = 6

/** One message, one try: sent, given up, tried again later, or not true any more. */
export function deliver(model: Model, booking: Booking, message: Message, asked: 'by time' | 'by a person'): void {
  message.tries += 1
  const wanted = message.kind === 'booking-cancelled' ? 'cancelled' : 'confirmed'
  const holds = booking.status === wanted && booking.version === message.version
  if (message.notAfter <= model.now || !holds) message.state = 'SKIPPED'
  else if (model.plans.sms === null) message.state = 'SENT'
  else if (model.plans.sms !== 'http-429' || asked === 'by a person' || message.tries >= tries) message.state = 'FAILED'
  else message.state = 'PENDING'
}
