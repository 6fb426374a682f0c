import { setTimeout as pause } from 'node:timers/promises'
import { codeFor } from '../../support/product.ts'
import type { Person } from './lane.ts'

export interface Wish {
  method: 'GET' | 'POST'
  path: string
  body?: unknown
  /** The Idempotency-Key: the same for every repeat. */
  key?: string
  cookie?: string
}

export interface Answer<T> {
  status: number
  body: T
  /** `name=value`, as a browser would send it back. */
  cookie: string
}

/** What the world does for somebody who waits. */
export interface Waiting {
  url: string
  /** Lets time pass for the house and its vendors, at once; at least for the request with this key. */
  timePasses(ms: number, key?: string): Promise<void>
  /** Hears of every answer, also of those that are asked for again. */
  answered?(status: number, code: string | undefined): void
}

const giveUpMs = 30_000

/**
 * Asks as a person does whose first answer never came: the same again, with the same key, until there is an answer that
 * will not change. Resolves with it, whatever it says.
 */
export async function insist<T>(waiting: Waiting, person: Person | null, wish: Wish): Promise<Answer<T>> {
  const until = Date.now() + giveUpMs
  for (;;) {
    const answer = await ask<T & { code?: string }>(waiting.url, person, wish).catch(() => null)
    if (answer) waiting.answered?.(answer.status, answer.body.code)
    if (answer && !mayChange(answer)) return answer
    if (Date.now() > until)
      throw new Error(`${wish.method} ${wish.path} had no final answer in ${giveUpMs / 1000} s; the last: ${JSON.stringify(answer)}`)
    if (!answer) await pause(10)
    // Whoever held the key died with it; its lock runs out by itself.
    else if (answer.body.code === 'idempotency_key_in_use') await waiting.timePasses(31_000, wish.key)
    else await waiting.timePasses(3_000, wish.key)
  }
}

function mayChange({ status, body }: Pick<Answer<{ code?: string }>, 'status' | 'body'>): boolean {
  return status >= 500 || status === 429 || body.code === 'idempotency_key_in_use'
}

async function ask<T>(url: string, person: Person | null, { method, path, body, key, cookie }: Wish): Promise<Answer<T>> {
  const answer = await fetch(url + path, {
    method,
    headers: {
      ...(person && { authorization: `Bearer ${person.accessToken}` }),
      ...(key !== undefined && { 'idempotency-key': key }),
      ...(cookie !== undefined && { cookie }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  })
  const text = await answer.text()
  return {
    status: answer.status,
    body: JSON.parse(text === '' ? '{}' : text) as T,
    cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '',
  }
}

/** Signs in on a server that lives; for those that may die see the story of signing in. */
export async function signIn(url: string, simulatorsUrl: string, phone: string): Promise<Person> {
  const waiting = { url, timePasses: () => pause(50) }
  const { body: challenge } = await insist<{ challengeId: string }>(waiting, null, {
    method: 'POST',
    path: '/v1/auth/codes',
    body: { phone },
  })
  const code = await codeFor(simulatorsUrl, phone)
  const { status, body } = await insist<{ accessToken: string }>(waiting, null, {
    method: 'POST',
    path: '/v1/auth/sessions',
    body: { challengeId: challenge.challengeId, code },
  })
  if (status !== 201) throw new Error(`Signing in answered ${status}.`)
  return { phone, accessToken: body.accessToken }
}
