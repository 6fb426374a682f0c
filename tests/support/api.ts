/** A program that speaks to the product over HTTP, signed in by the code a phone got. */
import { randomUUID } from 'node:crypto'
import { codeFor } from './product.ts'

export interface Answer<T> {
  status: number
  body: T
  /** From the first byte sent to the last byte read. */
  tookMs: number
}

/** `key` is the Idempotency-Key, to say the same thing twice; a fresh one when none is given. */
export type Api = <T>(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown, key?: string) => Promise<Answer<T>>

export async function signIn({ url, simulatorsUrl }: { url: string; simulatorsUrl: string }, phone: string): Promise<Api> {
  const anonymous = api(url)
  const { body: challenge } = await anonymous<{ challengeId: string }>('POST', '/v1/auth/codes', { phone, locale: 'ar' })
  const code = await codeFor(simulatorsUrl, phone)
  const { status, body } = await anonymous<{ accessToken: string }>('POST', '/v1/auth/sessions', {
    challengeId: challenge.challengeId,
    code,
    name: 'نورة',
  })
  if (status !== 201) throw new Error(`Signing in answered ${status}.`)
  return api(url, body.accessToken)
}

function api(url: string, accessToken?: string): Api {
  return async (method, path, body, key: string = randomUUID()) => {
    const startedAtMs = performance.now()
    const answer = await fetch(url + path, {
      method,
      headers: {
        ...(method === 'POST' && { 'idempotency-key': key }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(accessToken !== undefined && { authorization: `Bearer ${accessToken}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, body: JSON.parse(text === '' ? 'null' : text), tookMs: performance.now() - startedAtMs }
  }
}
