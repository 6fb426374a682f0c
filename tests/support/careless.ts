// Loaded before the server: makes its code careless. THABIT_CARELESS says how: `quote` lets every adapter keep a vendor's own
// words; `uncut` takes away what cuts personal data from such words and from log lines.
import { registerHooks } from 'node:module'

const ways = new Set((process.env['THABIT_CARELESS'] ?? '').split(','))

const changes: { way: string; file: string; from: string; to: string }[] = [
  {
    way: 'quote',
    file: '/server/providers/http-exchange.ts',
    from: 'const text = await readCapped(response, maxBytes)',
    to: `const text = await readCapped(response, maxBytes)
    if (response.status === 418) throw new CallFailure({ outcome: 'refused', errorType: 'http_4xx', cause: 'permanent', detail: text })`,
  },
  {
    way: 'uncut',
    file: '/server/foundation/cut-personal.ts',
    from: 'export function cutPersonal(text: string): string {',
    to: 'export function cutPersonal(text: string): string {\n  if (text) return text',
  },
  { way: 'uncut', file: '/server/foundation/log.ts', from: 'redaction = true', to: 'redaction = false' },
]

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    const wanted = changes.filter(({ way, file }) => ways.has(way) && url.endsWith(file))
    if (wanted.length === 0) return loaded
    let source = Buffer.from(loaded.source as Uint8Array).toString()
    for (const { file, from, to } of wanted) {
      if (!source.includes(from)) throw new Error(`${file} has changed: what was to be made careless is not there.`)
      source = source.replace(from, to)
    }
    return { ...loaded, source }
  },
})
