import type { Accounts } from '#accounts'
import type { Availability } from '#availability'
import type { Catalog } from '#catalog'
import type { Database } from '#database'
import type { Absorbed } from '#external-calls'
import type { Log, Metrics } from '#foundation'
import type { Notifications } from '#notifications'
import type { Payments } from '#payments'

/** What the promise of a booking is made with. */
export interface BookingNeeds {
  database: Database
  log: Log
  metrics: Metrics
  absorbed: Absorbed
  accounts: Pick<Accounts, 'contactOf' | 'membersOf' | 'namesOf'>
  catalog: Catalog
  availability: Availability
  payments: Payments
  notifications: Pick<Notifications, 'listFor' | 'reached' | 'choiceOf' | 'choose' | 'offer'>
  publicUrl: string
  settings: {
    /** How long a booking waits for its payment. */
    minutes: number
    pageMinutes: number
    perAccount: number
    /** So long before a hold runs out its customer is told; 0: never. */
    endingMinutes: number
  }
}
