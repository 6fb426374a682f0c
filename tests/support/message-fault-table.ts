/* Every fault of every played vendor of messages, and what a send that meets it is to us. */
import type { FaultMeaning } from './gateway-fault-table.ts'

export const httpVendors = ['unifonic', 'taqnyat', 'twilio', 'whatsapp'] as const
export type HttpVendor = (typeof httpVendors)[number]

const fault = (kind: FaultMeaning['class'], errorType: string, done = false): FaultMeaning => ({ class: kind, errorType, done })
const well = fault('ok', '', true)
const ours = fault('refused: configuration', 'http_4xx')

/** The same at every vendor that speaks HTTP. */
const everywhere: Record<string, FaultMeaning> = {
  'http-401': ours,
  'edge-block': ours,
  'http-429': fault('refused: temporary', 'http_429'),
  'http-302': fault('unknown', 'unknown_status'),
  'http-308': fault('unknown', 'unknown_status'),
  html: fault('unknown', 'bad_body'),
  empty: fault('unknown', 'bad_body'),
  'error-in-200': fault('unknown', 'unknown_status'),
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
}

/** What each vendor words in its own way. */
const own: Record<HttpVendor, Record<string, FaultMeaning>> = {
  // It says in so many words that it failed, so it is believed; the lie of `after-work-500` is the price.
  unifonic: {
    refuse: fault('refused: permanent', 'rejected'),
    'http-400': ours,
    'http-500': fault('refused: temporary', 'http_5xx'),
    'http-503': fault('refused: temporary', 'http_5xx'),
    'after-work-500': fault('refused: temporary', 'http_5xx', true),
  },
  taqnyat: { refuse: ours, 'http-400': ours, ...silentAbout5xx() },
  twilio: { refuse: ours, 'http-400': ours, ...silentAbout5xx() },
  whatsapp: { refuse: fault('refused: permanent', 'http_4xx'), 'http-400': fault('refused: permanent', 'http_4xx'), ...silentAbout5xx() },
}

function silentAbout5xx(): Record<string, FaultMeaning> {
  const trouble = fault('unknown', 'http_5xx')
  return { 'http-500': trouble, 'http-503': trouble, 'after-work-500': { ...trouble, done: true } }
}

export const messageFaults = (vendor: HttpVendor): Record<string, FaultMeaning> => ({ ...everywhere, ...own[vendor] })

/** Of a mail relay: until the mail was given it has surely not been taken, so far less is unknown. */
export const relayFaults: Record<string, FaultMeaning> = {
  refuse: fault('refused: permanent', 'rejected'),
  'mailbox-full': fault('refused: permanent', 'rejected'),
  'mail-refused': fault('refused: permanent', 'rejected'),
  'no-relay': fault('refused: configuration', 'rejected'),
  'bad-login': fault('refused: configuration', 'rejected'),
  busy: fault('refused: temporary', 'rejected'),
  greylist: fault('refused: temporary', 'rejected'),
  'mail-put-off': fault('refused: temporary', 'rejected'),
  reset: fault('unreachable', 'reset'),
  'before-work': fault('unreachable', 'reset'),
  empty: fault('unreachable', 'reset'),
  html: fault('unreachable', 'bad_body'),
  endless: fault('unreachable', 'cap_exceeded'),
  'after-work': fault('unknown', 'reset', true),
  'late-work': fault('unknown', 'timeout', true),
  hang: fault('unknown', 'timeout'),
  'half-open': fault('unknown', 'timeout'),
  slow: fault('unknown', 'timeout'),
  drip: fault('unknown', 'timeout'),
}
