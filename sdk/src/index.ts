export { createThabit, type Client, type ClientOptions } from './client.ts'
export { NoAnswerError, ProblemError } from './errors.ts'
export { newIdempotencyKey } from './idempotency-key.ts'
export type * from './shapes.ts'
