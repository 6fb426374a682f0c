import type { Socket } from 'node:net'
import type { Fault } from '../faults.ts'
import { LONGEST_SILENCE_MS } from '../silence.ts'

const SLOW_MS = 3_000
const BYTE_EVERY_MS = 100

/** Carries a dialogue between a client and the relay, as well or as badly as the fault says. */
export function carry(client: Socket, inner: Socket, fault: Fault | undefined): void {
  client.once('close', () => inner.destroy())
  switch (fault?.fault) {
    case 'hang':
      inner.destroy()
      return end(client, fault.delayMs ?? LONGEST_SILENCE_MS)
    case 'half-open':
      inner.destroy()
      client.write('22')
      return end(client, fault.delayMs ?? LONGEST_SILENCE_MS)
    case 'empty':
      inner.destroy()
      return void client.end()
    case 'html':
      inner.destroy()
      return void client.end('HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<h1>400</h1>')
    case 'reset':
      inner.destroy()
      return void client.resetAndDestroy()
    case 'endless':
      inner.destroy()
      return endless(client)
    case 'before-work':
      // The dialogue goes well until the mail itself is on its way.
      client.on('data', (chunk: Buffer) => {
        if (/(^|\r\n)DATA\r\n/i.test(chunk.toString('latin1'))) return void client.resetAndDestroy()
        inner.write(chunk)
      })
      inner.on('data', (chunk: Buffer) => client.write(withoutTls(chunk)))
      return
    case 'slow':
      client.pipe(inner)
      return slowly(client, inner, fault.delayMs ?? SLOW_MS)
    case 'drip':
      client.pipe(inner)
      return byByte(client, inner, fault.delayMs ?? BYTE_EVERY_MS)
    default:
      client.pipe(inner)
      inner.pipe(client)
  }
}

/** Without the offer of STARTTLS, so that the line can be read. */
function withoutTls(chunk: Buffer): Buffer {
  return Buffer.from(chunk.toString('latin1').replace(/250-STARTTLS\r\n/, ''), 'latin1')
}

function end(client: Socket, ms: number): void {
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
  end(client, LONGEST_SILENCE_MS)
  more()
}
