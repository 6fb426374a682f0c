import type { Money } from '#foundation'

/** An amount as a gateway says it: whole minor units, and a currency that need not be one of ours. */
export interface GatewayAmount {
  readonly amountMinor: number
  readonly currency: string
}

/** Money moved, or tried to, by one card. */
export interface GatewayCharge {
  readonly id: string
  readonly status: 'pending' | 'paid' | 'failed' | 'refunded' | 'voided' | 'authorised' | 'unrecognised'
  readonly amount: GatewayAmount
  /** How much of it went back so far. The only evidence of a refund: the status does not say how much. */
  readonly refundedMinor: number
  /** What the gateway keeps of it, its tax included: an estimate until it settles. */
  readonly feeMinor: number
  readonly failureReason: string | null
  /** The page it was made on, and our own id, where the gateway says them with the charge. */
  readonly pageRef: string | null
  readonly attemptId: string | null
}

/** Money of a charge that its payer's bank took back. */
export interface GatewayChargeback {
  /** Of the line in the gateway's settlement that tells of it. */
  readonly id: string
  readonly chargeId: string
  readonly amount: GatewayAmount
}

/** Charges made after `from` and before `to`, by the gateway's clock. */
export interface GatewayWindow {
  readonly from: Temporal.Instant
  readonly to: Temporal.Instant
}

/** A page where a customer pays one amount; several cards may be tried on it. */
export interface GatewayPage {
  readonly ref: string
  readonly url: string
  readonly status: 'open' | 'paid' | 'failed' | 'expired' | 'cancelled' | 'unrecognised'
  readonly amount: GatewayAmount
  /** Our own id, as the gateway gives it back. */
  readonly attemptId: string | null
  readonly charges: readonly GatewayCharge[]
}

/** What a webhook says, before anyone believes it: where to look, never what is true. */
export interface GatewayHint {
  readonly eventId: string
  readonly eventType: string
  readonly secret: string | null
  readonly live: boolean | null
  readonly pageRef: string | null
  readonly attemptId: string | null
  /** The body without secrets and without the cardholder: what may be kept. */
  readonly payload: Record<string, unknown>
}

/** A vendor that takes money. Every call throws CallFailure for what the vendor did; a status nobody knows is `unrecognised`. */
export interface PaymentGateway {
  readonly name: string
  createPage(
    ask: { attemptId: string; amount: Money; description: string; expiresAt: Temporal.Instant; returnUrl: string },
    signal: AbortSignal,
  ): Promise<GatewayPage>
  /** Every page that carries our attempt id: how a page is found whose creation we never heard the end of. */
  findPages(attemptId: string, signal: AbortSignal): Promise<GatewayPage[]>
  fetchPage(ref: string, signal: AbortSignal): Promise<GatewayPage>
  cancelPage(ref: string, signal: AbortSignal): Promise<GatewayPage>
  fetchCharge(id: string, signal: AbortSignal): Promise<GatewayCharge>
  /** One page of the charges of a window, newest first; what is made meanwhile may shift them, so one may come twice. `next` asks for the page after. */
  listCharges(window: GatewayWindow, cursor: string | null, signal: AbortSignal): Promise<{ charges: GatewayCharge[]; next: string | null }>
  /** One step through the settlements of a window, and the chargebacks it met; `next` asks for the step after. */
  listChargebacks(
    window: GatewayWindow,
    cursor: string | null,
    signal: AbortSignal,
  ): Promise<{ chargebacks: GatewayChargeback[]; next: string | null }>
  /** Gives a part or all of a charge back. Not idempotent at any gateway we know: never repeated without `fetchCharge` first. */
  refund(chargeId: string, amount: Money, signal: AbortSignal): Promise<GatewayCharge>
  /** Takes a whole charge back before it is settled, as if it had never been: all or nothing, refused once it is too late. */
  voidCharge(chargeId: string, signal: AbortSignal): Promise<GatewayCharge>
  /** Null when the body is no event at all. */
  readHint(body: unknown): GatewayHint | null
}
