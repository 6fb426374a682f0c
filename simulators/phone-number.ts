/**
 * E.164 with `+` from the spellings a query can carry: `+9665…`, ` 9665…` (a `+` that a form decoder ate), `9665…`,
 * `009665…`. Undefined when it is no number at all.
 */
export function e164(spelled: string): string | undefined {
  const digits = spelled.trim().replace(/^\+/, '').replace(/^00/, '')
  return /^\d{6,15}$/.test(digits) ? `+${digits}` : undefined
}

/** The wire form Saudi SMS vendors want: international digits alone. */
export function isWireNumber(text: string): boolean {
  return /^[1-9]\d+$/.test(text)
}
