import { isRecord } from './read-call.ts'

export const PROVIDERS = ['moyasar', 'unifonic', 'taqnyat', 'twilio', 'whatsapp', 'smtp'] as const
export type Provider = (typeof PROVIDERS)[number]

const ANSWERING = [
  'refuse',
  'hang',
  'slow',
  'drip',
  'reset',
  'before-work',
  'after-work',
  'http-302',
  'http-308',
  'http-400',
  'http-401',
  'http-429',
  'http-500',
  'http-503',
  'edge-block',
  'html',
  'truncated',
  'half-open',
  'slow-headers',
  'late-work',
  'after-work-500',
  'endless',
  'gzip-bomb',
  'wrong-length',
  'empty',
  'error-in-200',
  'duplicate-reply',
] as const
const LYING = ['wrong-amount', 'wrong-currency', 'wrong-id', 'unknown-status', 'extra-fields'] as const
const TELLING = ['duplicate-webhook', 'drop-webhook', 'late-webhook', 'reorder-webhook', 'forged-webhook'] as const
/** Of a mail relay, which has words of its own and no HTTP. */
const RELAYING = [
  'refuse',
  'hang',
  'slow',
  'drip',
  'reset',
  'before-work',
  'after-work',
  'half-open',
  'late-work',
  'endless',
  'html',
  'empty',
  'busy',
  'greylist',
  'mailbox-full',
  'no-relay',
  'bad-login',
  'mail-refused',
  'mail-put-off',
] as const

export type FaultName = (typeof ANSWERING)[number] | (typeof LYING)[number] | (typeof TELLING)[number] | (typeof RELAYING)[number]

/** `times` is how often it still happens; absent means until it is cleared. */
export type Fault = { provider: Provider | 'sms'; operation?: string; fault: FaultName; times?: number; delayMs?: number }

const lyingOperation: readonly FaultName[] = [...ANSWERING, ...LYING]

/** Which faults each operation of each vendor knows. */
export const KNOWN_FAULTS: Record<Provider, Record<string, readonly FaultName[]>> = {
  moyasar: {
    'create-invoice': lyingOperation,
    'create-invoices': lyingOperation,
    'get-invoice': lyingOperation,
    'list-invoices': lyingOperation,
    'update-invoice': lyingOperation,
    'cancel-invoice': lyingOperation,
    'create-payment': lyingOperation,
    'get-payment': lyingOperation,
    'list-payments': lyingOperation,
    'update-payment': lyingOperation,
    refund: lyingOperation,
    void: lyingOperation,
    capture: lyingOperation,
    webhook: TELLING,
  },
  unifonic: { send: ANSWERING, lookup: ANSWERING, report: TELLING },
  taqnyat: { send: ANSWERING, balance: ANSWERING, status: ANSWERING, report: TELLING },
  twilio: { send: ANSWERING, lookup: ANSWERING, report: TELLING },
  whatsapp: { send: ANSWERING, report: TELLING },
  smtp: { send: RELAYING },
}

const SMS: readonly Provider[] = ['unifonic', 'taqnyat', 'twilio']

export function isSms(provider: Provider): boolean {
  return SMS.includes(provider)
}

function knownTo(provider: Fault['provider']): Record<string, readonly FaultName[]> {
  if (provider !== 'sms') return KNOWN_FAULTS[provider]
  return { ...KNOWN_FAULTS.taqnyat, ...KNOWN_FAULTS.unifonic }
}

/** What is planned to go wrong. */
export type FaultPlan = {
  list(): Fault[]
  /** Adds a fault, or replaces the same fault of the same operation. */
  put(fault: Fault): void
  clear(): void
  /** The next planned fault for an operation, counted down; `among` narrows it to some names. */
  take(provider: Provider, operation: string, among?: readonly FaultName[]): Fault | undefined
}

export function openFaultPlan(): FaultPlan {
  let planned: Fault[] = []
  const same = (one: Fault, other: Fault): boolean =>
    one.provider === other.provider && one.operation === other.operation && one.fault === other.fault
  return {
    list: () => planned.map((fault) => ({ ...fault })),
    put: (fault) => {
      planned = [...planned.filter((other) => !same(fault, other)), { ...fault }]
    },
    clear: () => {
      planned = []
    },
    take: (provider, operation, among) => {
      const known = KNOWN_FAULTS[provider][operation] ?? []
      const found = planned.find(
        (fault) =>
          (fault.provider === provider || (fault.provider === 'sms' && isSms(provider))) &&
          (fault.operation === undefined || fault.operation === operation) &&
          known.includes(fault.fault) &&
          (among === undefined || among.includes(fault.fault)),
      )
      if (found === undefined) return undefined
      const taken = { ...found }
      if (found.times !== undefined) {
        found.times -= 1
        if (found.times === 0) planned = planned.filter((fault) => fault !== found)
      }
      return taken
    },
  }
}

const MOST_DELAY_MS = 24 * 60 * 60_000

/** Reads the body of `PUT /faults`; each wrong member is named with what is known in its place. */
export function readFault(body: Record<string, unknown>): { fault: Fault } | { errors: Record<string, string> } {
  const errors: Record<string, string> = {}
  const { provider, operation, fault, times, delayMs, ...others } = body
  for (const name of Object.keys(others)) errors[name] = 'is not known here'
  const providers: readonly unknown[] = [...PROVIDERS, 'sms']
  if (!providers.includes(provider)) return { errors: { ...errors, provider: `is one of ${providers.join(', ')}` } }
  const known = knownTo(provider as Fault['provider'])
  const faults = typeof operation === 'string' ? known[operation] : [...new Set(Object.values(known).flat())]
  if (operation !== undefined && (typeof operation !== 'string' || !Object.hasOwn(known, operation))) {
    errors['operation'] = `is one of ${Object.keys(known).join(', ')}`
  } else if (typeof fault !== 'string' || !(faults ?? []).some((name) => name === fault)) {
    errors['fault'] = `is one of ${(faults ?? []).join(', ')}`
  }
  if (times !== undefined && !(Number.isInteger(times) && Number(times) > 0)) errors['times'] = 'is a whole number from 1'
  if (delayMs !== undefined && !(Number.isInteger(delayMs) && Number(delayMs) >= 0 && Number(delayMs) <= MOST_DELAY_MS)) {
    errors['delayMs'] = `is a whole number from 0 to ${MOST_DELAY_MS}`
  }
  if (Object.keys(errors).length > 0) return { errors }
  return {
    fault: {
      provider: provider as Fault['provider'],
      fault: fault as FaultName,
      ...(typeof operation === 'string' ? { operation } : {}),
      ...(typeof times === 'number' ? { times } : {}),
      ...(typeof delayMs === 'number' ? { delayMs } : {}),
    },
  }
}

/** Makes an answer lie: every object in it (an invoice, its payments, the rows of a list) gets the wrong value. */
export function lie(fault: FaultName, body: unknown, wrongId: string): unknown {
  if (Array.isArray(body)) return body.map((item: unknown) => lie(fault, item, wrongId))
  if (!isRecord(body)) return body
  const rows = Object.fromEntries(
    Object.entries(body).map(([key, value]) => [key, key === 'payments' || key === 'invoices' ? lie(fault, value, wrongId) : value]),
  )
  if (fault === 'wrong-amount' && typeof body['amount'] === 'number') return { ...rows, amount: body['amount'] + 100 }
  if (fault === 'wrong-currency' && typeof body['currency'] === 'string')
    return { ...rows, currency: body['currency'] === 'KWD' ? 'BHD' : 'KWD' }
  if (fault === 'extra-fields') return { ...rows, risk: { score: 1, of: [{}] }, ['__proto__']: { status: 'paid' }, 'x\u0000y': null }
  if (fault === 'unknown-status' && typeof body['status'] === 'string') return { ...rows, status: 'under_review' }
  if (fault === 'wrong-id' && typeof body['id'] === 'string') return { ...rows, id: wrongId }
  return rows
}
