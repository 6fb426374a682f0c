/** A field's name as one step of a JSON pointer (RFC 6901), cut where it is absurd. */
export function pointerStep(name: string): string {
  return `/${name.slice(0, 100).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1')}`
}
