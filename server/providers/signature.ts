import { createHash, type Hmac, timingSafeEqual } from 'node:crypto'

/** Compares in a time that does not tell how much of it was right. */
export function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}

/** Whether the header's value is this digest in this encoding. */
export function isDigest(given: string | undefined, hmac: Hmac, encoding: 'hex' | 'base64'): boolean {
  const expected = hmac.digest(encoding)
  return given !== undefined && sameSecret(encoding === 'hex' ? given.toLowerCase() : given, expected)
}

/** One header, whatever the case it was written in. */
export function header(headers: Record<string, string | string[] | undefined>, name: string): string | undefined {
  const value = headers[name.toLowerCase()]
  return Array.isArray(value) ? value[0] : value
}
