/** One thing that goes wrong where money, repeated requests or webhooks are concerned. */
export interface Failure {
  wrong: string
  /** What we do about it. */
  we: string
  /** File and exact name; … stands for what a name is filled with. A test that is not there fails `tests/architecture/failures.test.ts`. */
  tests: readonly (readonly [file: string, name: string])[]
}

/** Where the proofs are. */
export const idempotency = 'server/http/idempotency.test.ts'
export const start = 'server/payments/start-payment.test.ts'
export const settle = 'server/payments/settle.test.ts'
export const judge = 'server/payments/judge-page.test.ts'
export const webhooks = 'server/payments/webhooks.test.ts'
export const refunds = 'server/payments/send-refunds.test.ts'
export const wire = 'server/providers/moyasar/wire.test.ts'
export const settling = 'tests/guarantees/settling.test.ts'
export const bookings = 'tests/guarantees/bookings.test.ts'
export const faults = 'tests/guarantees/gateway-faults.test.ts'
export const killing = 'tests/guarantees/killing/killing.test.ts'
export const killingPostgres = 'tests/guarantees/killing/postgres.test.ts'
export const protocol = 'tests/guarantees/protocol/protocol.test.ts'
export const found = 'tests/guarantees/protocol/found.test.ts'
export const reconciliation = 'tests/guarantees/reconciliation.test.ts'
export const paying = 'tests/journeys/paying.test.ts'
export const money = 'tests/journeys/money-security.test.ts'
export const hostile = 'tests/journeys/webhook-security.test.ts'
export const resilience = 'tests/journeys/resilience.browser.test.ts'

export const everyFault: Failure['tests'][number] = [
  faults,
  'every fault at … is what the table says, within the deadline, with no connection held and memory bounded, and the truth is found afterwards',
]
export const everyOrder: Failure['tests'][number] = [protocol, 'every promise is kept in every order of events: …']
export const everyGuard: Failure['tests'][number] = [protocol, 'a protocol is caught that no longer …: …']
