/* What customers are told. A message can fail; nothing else ever fails because of one. */
import { type Booking, type Message, type Model } from './model.ts'

const tries = 6

/** One message, one try: sent, given up, tried again later, or not true any more. */
export function deliver(model: Model, booking: Booking, message: Message, asked: 'by time' | 'by a person'): void {
  message.tries += 1
  if (!holds(booking, message)) message.state = 'SKIPPED'
  // What waited for the vendor until it was too late was not delivered; what nobody tried in time is left out.
  else if (message.notAfter <= model.now) message.state = message.tries > 1 && asked === 'by time' ? 'FAILED' : 'SKIPPED'
  else if (model.plans.sms === null) message.state = 'SENT'
  else if (model.plans.sms !== 'http-429' || asked === 'by a person' || message.tries >= tries) message.state = 'FAILED'
  else message.state = 'PENDING'
}

/** Money that came back stays back; all else is said of the booking as it was then. */
function holds({ status, version }: Booking, message: Message): boolean {
  if (message.refund) return message.refund.state === 'refunded' && !message.refund.setAside
  return status === (message.kind === 'booking-cancelled' ? 'cancelled' : 'confirmed') && version === message.version
}
