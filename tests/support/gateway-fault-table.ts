/*
 * Every fault of the played gateway and what a call that meets it is to us: one table for every call. What that makes of a
 * payment or a refund is a matter of the class alone, except where an answer lies.
 */
export const gatewayCalls = ['create-invoice', 'get-invoice', 'list-invoices', 'cancel-invoice', 'get-payment', 'refund', 'void'] as const
export type GatewayCall = (typeof gatewayCalls)[number]

/** As the callers of the gateway tell failures apart; `refused` by whose fault it is. */
export type CallClass = 'ok' | 'refused: permanent' | 'refused: configuration' | 'refused: temporary' | 'unreachable' | 'unknown'

export interface FaultMeaning {
  class: CallClass
  /** The word in the metrics; empty when the call succeeds. */
  errorType: string
  /** Whether the gateway did the work all the same. */
  done: boolean
}

const fault = (kind: CallClass, errorType: string, done = false): FaultMeaning => ({ class: kind, errorType, done })
const well = fault('ok', '', true)

/** Planned at the played gateway. */
export const playedFaults: Record<string, FaultMeaning> = {
  refuse: fault('refused: permanent', 'http_4xx'),
  'http-400': fault('refused: permanent', 'http_4xx'),
  'http-401': fault('refused: configuration', 'http_4xx'),
  'edge-block': fault('refused: configuration', 'http_4xx'),
  'http-429': fault('refused: temporary', 'http_429'),
  'http-302': fault('unknown', 'unknown_status'),
  'http-308': fault('unknown', 'unknown_status'),
  'http-500': fault('unknown', 'http_5xx'),
  'http-503': fault('unknown', 'http_5xx'),
  'after-work-500': fault('unknown', 'http_5xx', true),
  html: fault('unknown', 'bad_body'),
  empty: fault('unknown', 'bad_body'),
  'error-in-200': fault('unknown', 'bad_body'),
  'wrong-length': fault('unknown', 'bad_body', true),
  truncated: fault('unknown', 'reset', true),
  reset: fault('unknown', 'reset'),
  'before-work': fault('unknown', 'reset'),
  'after-work': fault('unknown', 'reset', true),
  hang: fault('unknown', 'timeout'),
  'half-open': fault('unknown', 'timeout'),
  slow: fault('unknown', 'timeout', true),
  'slow-headers': fault('unknown', 'timeout', true),
  drip: fault('unknown', 'timeout', true),
  'late-work': fault('unknown', 'timeout', true),
  endless: fault('unknown', 'cap_exceeded', true),
  'gzip-bomb': fault('unknown', 'cap_exceeded', true),
  'duplicate-reply': well,
  'extra-fields': well,
  'wrong-amount': well,
  'wrong-currency': well,
  'wrong-id': well,
  'unknown-status': well,
}

/** Of the address: no byte of ours can have arrived, but for a TLS that never answers. */
export const addressFaults: Record<string, FaultMeaning> = {
  'no such name': fault('unreachable', 'dns'),
  'nobody listens': fault('unreachable', 'connect'),
  'no TLS there': fault('unreachable', 'tls'),
  'TLS that never answers': fault('unknown', 'timeout'),
  'certificate nobody vouches for': fault('unreachable', 'tls'),
  'certificate of another name': fault('unreachable', 'tls'),
  'certificate that ran out': fault('unreachable', 'tls'),
}

type Lie = 'wrong-amount' | 'wrong-currency' | 'wrong-id' | 'unknown-status'

/** Where an answer that reads well ends elsewhere than the truth would. `errorType`: the call itself sees through it. */
export const lies: Record<Lie, Partial<Record<GatewayCall, { state: string; errorType?: string }>>> = {
  'wrong-amount': {
    'create-invoice': { state: 'integrity_failure' },
    'get-invoice': { state: 'integrity_failure' },
    'list-invoices': { state: 'integrity_failure' },
  },
  'wrong-currency': {
    'create-invoice': { state: 'integrity_failure' },
    'get-invoice': { state: 'integrity_failure' },
    'list-invoices': { state: 'integrity_failure' },
  },
  'wrong-id': {
    'create-invoice': { state: 'integrity_failure' },
    'get-invoice': { state: 'integrity_failure' },
    // The row's own address names another page: it is no more "there is none" than "this is it".
    'list-invoices': { state: 'unknown', errorType: 'bad_body' },
    'get-payment': { state: 'due', errorType: 'bad_body' },
    refund: { state: 'unknown', errorType: 'bad_body' },
    void: { state: 'unknown', errorType: 'bad_body' },
  },
  'unknown-status': {
    'create-invoice': { state: 'unknown' },
    'get-invoice': { state: 'unknown' },
    'list-invoices': { state: 'unknown' },
    'get-payment': { state: 'due' },
    // Its total proves a refund; only its word would prove a void.
    void: { state: 'unknown' },
  },
}

/** What a call of this class leaves behind: the payment's state, or the refund's. */
export const stateAfter: Record<GatewayCall, Record<CallClass, string>> = {
  'create-invoice': {
    ok: 'redirected',
    'refused: permanent': 'failed',
    'refused: configuration': 'failed',
    'refused: temporary': 'failed',
    unreachable: 'failed',
    unknown: 'unknown',
  },
  'get-invoice': allBut('redirected', 'paid'),
  'list-invoices': allBut('unknown', 'redirected'),
  // Best effort: nobody was sent to the extra page.
  'cancel-invoice': allBut('redirected', 'redirected'),
  'get-payment': allBut('due', 'refunded'),
  refund: {
    ok: 'refunded',
    'refused: permanent': 'failed',
    'refused: configuration': 'due',
    'refused: temporary': 'due',
    unreachable: 'due',
    unknown: 'unknown',
  },
  void: {
    ok: 'refunded',
    // Too late for that: it goes as a refund.
    'refused: permanent': 'due',
    'refused: configuration': 'due',
    'refused: temporary': 'due',
    unreachable: 'due',
    unknown: 'unknown',
  },
}

function allBut(otherwise: string, ok: string): Record<CallClass, string> {
  return {
    ok,
    'refused: permanent': otherwise,
    'refused: configuration': otherwise,
    'refused: temporary': otherwise,
    unreachable: otherwise,
    unknown: otherwise,
  }
}

/** What the customer who starts a payment is told. */
export const toldAtCreation: Record<string, string> = {
  ok: 'redirected',
  'refused: permanent': 'payment_refused',
  'refused: configuration': 'payment_provider_misconfigured',
  'refused: temporary': 'payment_provider_unreachable',
  unreachable: 'payment_provider_unreachable',
  unknown: 'payment_outcome_unknown',
}
