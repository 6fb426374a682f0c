import { cutPersonal } from '#foundation'

/** How a call that failed ended, as far as we can know. Unknown is not refused: the vendor may have done the work. */
export type CallOutcome = 'refused' | 'unreachable' | 'unknown'

/** A closed list, so that it can be a label. */
export type CallErrorType =
  | 'timeout'
  | 'dns'
  | 'connect'
  | 'tls'
  | 'reset'
  | 'http_4xx'
  | 'http_429'
  | 'http_5xx'
  | 'bad_body'
  | 'rejected'
  | 'unknown_status'
  | 'circuit_open'
  // As many calls as we allow at once are under way already.
  | 'bulkhead_full'
  | 'cap_exceeded'
  | 'misconfigured'
  // Our own process ended, or our own code failed, before the answer was kept.
  | 'interrupted'
  | 'fault'

/**
 * Whose fault a refusal is: the recipient's or the content's (permanent), ours (configuration: a person must act),
 * or nobody's (temporary). Null when the outcome is not a refusal.
 */
export type RefusalCause = 'permanent' | 'configuration' | 'temporary'

export interface CallFailureFacts {
  outcome: CallOutcome
  errorType: CallErrorType
  cause?: RefusalCause
  /** The vendor's own code, for the operator. */
  providerCode?: string
  /** A short sentence without personal data, for the operator. */
  detail?: string
  /** When asking again may be worth it, as far as anyone knows. */
  retryAfterMs?: number
}

/** The only error an adapter throws for what a vendor did. */
export class CallFailure extends Error {
  override readonly name = 'CallFailure'
  readonly facts: CallFailureFacts

  constructor(facts: CallFailureFacts, options?: ErrorOptions) {
    // A vendor may quote back whom we wrote to and what; nobody further in has to think of it.
    const detail = facts.detail === undefined ? undefined : cutPersonal(facts.detail)
    super(detail ?? `${facts.outcome} (${facts.errorType})`, options)
    const { providerCode } = facts
    // A code of six digits is one of theirs; nothing longer is a code.
    const kept = providerCode === undefined || /^\d{1,6}$/.test(providerCode) ? providerCode : cutPersonal(providerCode)
    this.facts = { ...facts, ...(detail !== undefined && { detail }), ...(kept !== undefined && { providerCode: kept }) }
  }
}
