import type { CallFailureFacts } from './call-failure.ts'

/**
 * What a failure asks of us. permanent: the recipient or the content, no other vendor of the channel helps. temporary: nobody's
 * fault, ask another or later. configuration: ours, a person must act, another vendor meanwhile. ambiguous: it may have been
 * sent, a person decides. fault: our own code.
 */
export type ErrorClass = 'permanent' | 'temporary' | 'configuration' | 'ambiguous' | 'fault'

export function classOf({ outcome, errorType, cause }: CallFailureFacts): ErrorClass {
  if (outcome === 'unknown') return errorType === 'fault' ? 'fault' : 'ambiguous'
  if (outcome === 'refused') return cause ?? 'permanent'
  return errorType === 'misconfigured' ? 'configuration' : 'temporary'
}

/** Whether the vendor itself was asked: where we kept the call back, nothing was tried. */
export function wasAsked({ errorType }: CallFailureFacts): boolean {
  return errorType !== 'circuit_open' && errorType !== 'bulkhead_full'
}
