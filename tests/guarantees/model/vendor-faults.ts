/** What a vendor does to a call, and what of it reaches us. The work may be done all the same. */
export const gatewayFaults = {
  refuse: { done: false, heard: 'refused' },
  'http-401': { done: false, heard: 'misconfigured' },
  'http-429': { done: false, heard: 'busy' },
  'http-500': { done: false, heard: 'nothing' },
  html: { done: false, heard: 'nothing' },
  hang: { done: false, heard: 'nothing' },
  'before-work': { done: false, heard: 'nothing' },
  'after-work': { done: true, heard: 'nothing' },
  truncated: { done: true, heard: 'nothing' },
  'wrong-amount': { done: true, heard: 'wrong-amount' },
  'wrong-id': { done: true, heard: 'wrong-id' },
  'unknown-status': { done: true, heard: 'unknown-status' },
} as const
export type GatewayFault = keyof typeof gatewayFaults
export type Heard = (typeof gatewayFaults)[GatewayFault]['heard'] | 'all'

export const gatewayOperations = [
  'create-invoice',
  'get-invoice',
  'list-invoices',
  'cancel-invoice',
  'get-payment',
  'refund',
  'void',
] as const
export type GatewayOperation = (typeof gatewayOperations)[number]

/** Of the vendor of messages: only "too many" passes by itself and is tried again, the rest is a person's. */
export const smsFaults = ['refuse', 'http-401', 'http-429', 'http-500', 'html', 'hang', 'before-work', 'after-work', 'truncated'] as const
export type SmsFault = (typeof smsFaults)[number]

/** What goes wrong until it is repaired. */
export interface Plans {
  gateway: Map<GatewayOperation, GatewayFault>
  sms: SmsFault | null
}

/** How the gateway takes this call at the moment. */
export function callGateway({ gateway }: Plans, operation: GatewayOperation): { done: boolean; heard: Heard } {
  const fault = gateway.get(operation)
  return fault === undefined ? { done: true, heard: 'all' } : gatewayFaults[fault]
}
