import type { Database } from '#database'
import type { CallFailureFacts } from './call-failure.ts'
import type { Attempt } from './calls.ts'
import type { ClaimedCall } from './claim-absorbed.ts'
import type { ErrorClass } from './error-class.ts'

/** Another channel and address for the same message. */
export interface StandIn {
  channel: ClaimedCall['channel']
  recipient: string
}

/** One vendor's part in a round. */
export interface Asked {
  delivery: Delivery
  /** Of the row written before the vendor was asked; null: it was not asked. */
  attemptId: string | null
  failure: CallFailureFacts | null
  providerMessageId: string | null
}

export interface Delivery {
  provider: string
  /** Sends it; throws CallFailure. Resolves with the vendor's own id of the message. */
  send(signal: AbortSignal): Promise<{ providerMessageId: string | null }>
  /** How fast this vendor is fed. */
  turn?: {
    /** Takes the next turn and gives 0; or the milliseconds until there may be one. */
    takeMs: () => number
    /** Milliseconds after which to come again, for one that took no turn: further off the more are waiting. */
    laterMs: () => number
    ended: (failure: CallFailureFacts | null) => void
  }
}

/** How to send a message, by which vendors in which order; or why not: not any more (SKIPPED), it cannot be (FAILED), not now. */
export type Plan =
  | { deliveries: readonly Delivery[] }
  | { skip: string; mayStandIn?: boolean }
  | { fail: string; errorClass: ErrorClass; mayStandIn?: boolean }
  | { waitMs: number; reason: string }

export interface DeliverNeeds {
  database: Database
  attempt: Attempt
  /** Of all vendors of a round together, from `startedAtMs` (of performance.now) on. */
  timeoutMs: number
  startedAtMs: number
  retryDelaysMs: readonly number[]
  /** Whether a message that no vendor was asked about, or whose turn has not come, may wait for it. */
  mayWait: boolean
  /** A person asked for it: no circuit and no count of interruptions stands in the way. */
  insist: boolean
  prepare(call: ClaimedCall): Promise<Plan>
  /** The channel and address that come after the call's own; null: there is none. Asked after a sure failure. */
  standIn(call: ClaimedCall): Promise<StandIn | null>
  onAttempt(call: ClaimedCall, provider: string, result: AttemptResult, failure: CallFailureFacts | null): void
  onEnd(call: ClaimedCall, state: EndState, reason: string | null, errorClass: ErrorClass | null): void
  onStandIn(call: ClaimedCall, standIn: StandIn & { id: string }): void
  /** Our own code failed, not a vendor. */
  onFault(call: ClaimedCall, error: unknown): void
}

export type EndState = 'SENT' | 'FAILED' | 'SKIPPED'
export type AttemptResult = 'ok' | 'retry' | 'failed' | 'unknown'
