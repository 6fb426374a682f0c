import type { Database } from '#database'
import type { Surfaced } from '#external-calls'
import type { Log, Metrics } from '#foundation'
import type { PaymentGateway } from './gateway.ts'
import type { Payable } from './payable.ts'

export interface PaymentSettings {
  /** The whole of one answer to a customer who starts a payment, however many calls it takes. */
  timeoutMs: number
  /** Last part of the webhook address: unguessable. */
  webhookEndpointId: string
  /** The shared secret, and the former one while it is being changed. */
  webhookSecrets: readonly string[]
  /** Whether our key moves real money: a webhook of the other mode is refused. */
  live: boolean
}

export interface OpenPaymentsNeeds {
  database: Database
  log: Log
  metrics: Metrics
  surfaced: Surfaced
  gateway: PaymentGateway
  settings: PaymentSettings
  /** Runs a sweep now instead of at its time; without it everything waits for the sweeps' own pace. */
  wake?: (sweep: string) => void
}

/** The same, with what is paid for joined. */
export interface PaymentNeeds extends OpenPaymentsNeeds {
  payable(): Payable
  wake(sweep: string): void
}
