import type { IncomingHttpHeaders } from 'node:http'

export type Answer = { status: number; headers: Record<string, string>; body: string | Buffer }

/** One request, read whole. `fields` merges nothing: it is the body's own members, form brackets unfolded. */
export type Call = {
  method: string
  url: URL
  params: Record<string, string>
  query: URLSearchParams
  headers: IncomingHttpHeaders
  bodyKind: 'none' | 'json' | 'form' | 'unreadable'
  fields: Record<string, unknown>
  /** The body as it came, when it is neither. */
  text?: string
}

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body: JSON.stringify(value) }
}

export function webPage(status: number, html: string): Answer {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }, body: html }
}

/** After a form: the browser goes on with a GET. */
export function seeOther(location: string): Answer {
  return { status: 303, headers: { location, 'cache-control': 'no-store' }, body: '' }
}

export function nothing(): Answer {
  return { status: 204, headers: {}, body: '' }
}

/** For the simulators' own controls; vendors speak their own errors. */
export function problem(status: number, title: string, extra: Record<string, unknown> = {}): Answer {
  return json(status, { type: 'about:blank', title, status, ...extra }, { 'content-type': 'application/problem+json; charset=utf-8' })
}
