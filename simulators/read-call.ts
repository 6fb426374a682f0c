import type { IncomingMessage } from 'node:http'
import type { Call } from './answers.ts'

const MOST_BYTES = 1_000_000

/** Reads a request whole. The body is JSON, a form (`source[type]=…` unfolds) or unreadable; none of it is trusted. */
export async function readCall(request: IncomingMessage, url: URL, params: Record<string, string>): Promise<Call> {
  const text = await bodyText(request)
  const call = { method: request.method ?? 'GET', url, params, query: url.searchParams, headers: request.headers }
  if (text === undefined) return { ...call, bodyKind: 'unreadable', fields: {} }
  if (text === '') return { ...call, bodyKind: 'none', fields: {} }
  if ((request.headers['content-type'] ?? '').includes('x-www-form-urlencoded')) {
    return { ...call, bodyKind: 'form', fields: unfold(new URLSearchParams(text)) }
  }
  try {
    const value: unknown = JSON.parse(text)
    if (isRecord(value)) return { ...call, bodyKind: 'json', fields: value }
  } catch {
    // falls through: the vendor says what it thinks of such a body
  }
  return { ...call, bodyKind: 'unreadable', fields: {}, text }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

async function bodyText(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= MOST_BYTES) chunks.push(chunk)
  }
  return size > MOST_BYTES ? undefined : Buffer.concat(chunks).toString('utf8')
}

function unfold(form: URLSearchParams): Record<string, unknown> {
  const fields: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  for (const [key, text] of form) {
    const [, name = key, inner, list] = /^([^[]+)(?:\[([^\]]+)\]|(\[\]))?$/.exec(key) ?? []
    if (inner !== undefined) {
      const group = isRecord(fields[name]) ? fields[name] : {}
      fields[name] = { ...group, [inner]: text }
    } else if (list !== undefined) {
      fields[name] = [...(Array.isArray(fields[name]) ? (fields[name] as unknown[]) : []), text]
    } else fields[name] = text
  }
  return fields
}
