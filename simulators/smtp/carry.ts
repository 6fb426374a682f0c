import type { Socket } from 'node:net'
import type { Fault, FaultName } from '../faults.ts'
import { LONGEST_SILENCE_MS } from '../silence.ts'

const SLOW_MS = 3_000
const BYTE_EVERY_MS = 100

type Line = { client: Socket; inner: Socket; delayMs: number | undefined }

/** What becomes of the line, by fault; of a fault that is not here the relay itself speaks. */
const LINES: Partial<Record<FaultName, (line: Line) => void>> = {
  hang: ({ client, inner, delayMs }) => {
    inner.destroy()
    cutAfter(client, delayMs)
  },
  'half-open': ({ client, inner, delayMs }) => {
    inner.destroy()
    client.write('22')
    cutAfter(client, delayMs)
  },
  empty: ({ client, inner }) => {
    inner.destroy()
    client.end()
  },
  html: ({ client, inner }) => {
    inner.destroy()
    client.end('HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<h1>400</h1>')
  },
  reset: ({ client, inner }) => {
    inner.destroy()
    client.resetAndDestroy()
  },
  endless: ({ client, inner }) => {
    inner.destroy()
    endless(client)
  },
  // The dialogue goes well until the mail itself is on its way.
  'before-work': ({ client, inner }) => {
    client.on('data', (chunk: Buffer) => {
      if (/(^|\r\n)DATA\r\n/i.test(chunk.toString('latin1'))) client.resetAndDestroy()
      else inner.write(chunk)
    })
    inner.on('data', (chunk: Buffer) => client.write(withoutTls(chunk)))
  },
  slow: ({ client, inner, delayMs }) => {
    client.pipe(inner)
    slowly(client, inner, delayMs ?? SLOW_MS)
  },
  drip: ({ client, inner, delayMs }) => {
    client.pipe(inner)
    byByte(client, inner, delayMs ?? BYTE_EVERY_MS)
  },
}

/** Carries a dialogue between a client and the relay, as well or as badly as the fault says. */
export function carry(client: Socket, inner: Socket, fault: Fault | undefined): void {
  client.once('close', () => inner.destroy())
  const bent = fault && LINES[fault.fault]
  if (bent) return bent({ client, inner, delayMs: fault.delayMs })
  client.pipe(inner)
  inner.pipe(client)
}

/** Without the offer of STARTTLS, so that the line can be read. */
function withoutTls(chunk: Buffer): Buffer {
  return Buffer.from(chunk.toString('latin1').replace(/250-STARTTLS\r\n/, ''), 'latin1')
}

function cutAfter(client: Socket, ms = LONGEST_SILENCE_MS): void {
  const timer = setTimeout(() => client.resetAndDestroy(), Math.min(ms, LONGEST_SILENCE_MS))
  timer.unref()
  client.once('close', () => clearTimeout(timer))
}

/** Every reply comes late. */
function slowly(client: Socket, inner: Socket, ms: number): void {
  inner.on('data', (chunk: Buffer) => {
    setTimeout(() => client.destroyed || client.write(chunk), ms).unref()
  })
}

/** Every reply comes a byte at a time. */
function byByte(client: Socket, inner: Socket, everyMs: number): void {
  let waiting = Buffer.alloc(0)
  inner.on('data', (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk])
  })
  const timer = setInterval(
    () => {
      if (waiting.length === 0) return
      client.write(waiting.subarray(0, 1))
      waiting = waiting.subarray(1)
    },
    Math.max(everyMs, 1),
  )
  client.once('close', () => clearInterval(timer))
}

/** A greeting of one line after another, for as long as anyone reads. */
function endless(client: Socket): void {
  const line = Buffer.from('220-Welcome to the relay that has much to say\r\n'.repeat(100))
  const more = (): void => {
    while (!client.destroyed && client.write(line));
  }
  client.on('drain', more)
  cutAfter(client)
  more()
}
