import { randomUUID } from 'node:crypto'
import type { Answer } from '../answers.ts'
import { json, webPage } from '../answers.ts'
import type { Voice } from '../act-fault.ts'
import type { MoyasarSwitches } from './switches.ts'

export type FieldErrors = Record<string, string[]>

/** Every answer of the API carries an id to quote to support. */
export function answer(status: number, value: unknown): Answer {
  return json(status, value, { 'x-request-id': randomUUID() })
}

export function refusal(status: number, type: string, message: string, errors: FieldErrors | string | null = null): Answer {
  return answer(status, { type, message, errors })
}

export function invalid(errors: FieldErrors, { values }: MoyasarSwitches): Answer {
  return refusal(400, values.validationType, 'Validation Failed', errors)
}

export function notFound({ values }: MoyasarSwitches): Answer {
  return refusal(404, values.notFoundType, 'Object not found')
}

export function stateForbids(message: string): Answer {
  return refusal(400, 'invalid_request_error', message)
}

export const unauthorized = (): Answer => refusal(401, 'authentication_error', 'Invalid authorization credentials')
export const wrongKeyKind = (): Answer => refusal(403, 'api_error', 'User not authorized')
export const inactiveAccount = (): Answer => refusal(405, 'account_inactive_error', 'Entity not activated to use live account')

/** What the network edge in front of the API says to a client without a name. */
export const edgeBlock = (): Answer =>
  webPage(403, '<!doctype html><title>Access denied</title><h1>Error 1010</h1><p>Access denied by the site owner.</p>')

export const voice: Voice = {
  refuse: (operation) => stateForbids(`The request was refused (${operation}).`),
  failure: (status) => {
    switch (status) {
      case 401:
        return unauthorized()
      case 429:
        return refusal(429, 'rate_limit_error', 'Too many requests')
      case 500:
        return refusal(500, 'api_error', 'Something went wrong')
      case 503:
        return refusal(503, 'api_connection_error', 'Under maintenance')
      default:
        return refusal(400, 'invalid_request_error', 'Validation Failed', 'The request could not be understood')
    }
  },
}
