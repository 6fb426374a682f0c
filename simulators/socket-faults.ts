import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import type { Answer } from './answers.ts'
import { LONGEST_SILENCE_MS, silence } from './silence.ts'

/** A TCP reset, so that the client sees ECONNRESET and not a tidy end. */
export function cut(response: ServerResponse): void {
  response.socket?.resetAndDestroy()
}

/** The right answer, a byte at a time. */
export async function drip(response: ServerResponse, answer: Answer, everyMs: number): Promise<void> {
  const body = Buffer.from(answer.body)
  const endsAt = performance.now() + LONGEST_SILENCE_MS
  response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length })
  for (const byte of body) {
    if (response.destroyed) return
    if (performance.now() > endsAt) return cut(response)
    response.write(Buffer.of(byte))
    await silence(response, everyMs)
  }
  response.end()
}

/** Promises the whole length, sends half, closes politely: the client must notice by itself. */
export function truncate(response: ServerResponse, answer: Answer): void {
  const body = Buffer.from(answer.body)
  response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length })
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.end())
}

/** The first letters of a status line, and then nothing for ever: neither more nor an end. */
export async function halfOpen(response: ServerResponse, ms: number): Promise<void> {
  response.socket?.write('HTTP/1.1 20')
  await silence(response, ms)
  cut(response)
}

/** The right answer, its headers a line at a time. */
export async function slowHeaders(response: ServerResponse, answer: Answer, everyMs: number): Promise<void> {
  const { head, body } = written(answer)
  for (const line of head) {
    if (response.destroyed) return
    response.socket?.write(`${line}\r\n`)
    await silence(response, everyMs)
  }
  response.socket?.end(Buffer.concat([Buffer.from('\r\n'), body]))
}

const CHUNK = Buffer.alloc(16 * 1024, ' ')

/** The right answer and then spaces without end, as fast as they are read, a minute at most. */
export async function endless(response: ServerResponse, answer: Answer): Promise<void> {
  const endsAt = performance.now() + LONGEST_SILENCE_MS
  response.writeHead(answer.status, answer.headers)
  response.write(answer.body)
  while (!response.destroyed && performance.now() < endsAt) {
    if (!response.write(CHUNK)) await drained(response)
  }
  cut(response)
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done)
      response.off('close', done)
      resolve()
    }
    response.once('drain', done)
    response.once('close', done)
    if (response.destroyed) done()
  })
}

const BOMB_PARTS = 1_024
let part: Buffer | undefined

/** The right answer with a gigabyte of spaces behind it, which is one megabyte on the wire. */
export function bomb(response: ServerResponse, answer: Answer): void {
  part ??= gzipSync(Buffer.alloc(1024 * 1024, ' '))
  const body = Buffer.concat([gzipSync(answer.body), ...Array.from({ length: BOMB_PARTS }, () => part ?? Buffer.alloc(0))])
  response.writeHead(answer.status, { ...answer.headers, 'content-encoding': 'gzip', 'content-length': body.length })
  response.end(body)
}

/** Says that the body is half as long as it is; the rest follows as if it began another answer. */
export function wrongLength(response: ServerResponse, answer: Answer): void {
  const body = Buffer.from(answer.body)
  const { head } = written(answer, Math.floor(body.length / 2))
  response.socket?.write(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]))
  response.socket?.end()
}

/** The same answer twice on one connection that stays open: the second is there before anything else is asked. */
export function duplicate(response: ServerResponse, answer: Answer): void {
  const { head, body } = written(answer)
  const whole = Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body])
  const { socket } = response
  socket?.write(Buffer.concat([whole, whole]))
  // The connection is not ours to keep: whatever is asked on it next finds no one.
  socket?.setTimeout(1_000, () => socket.destroy())
}

function written(answer: Answer, length = Buffer.byteLength(answer.body)): { head: string[]; body: Buffer } {
  const headers = Object.entries({ ...answer.headers, 'content-length': String(length) }).map(([name, value]) => `${name}: ${value}`)
  return { head: [`HTTP/1.1 ${answer.status} Answered`, ...headers], body: Buffer.from(answer.body) }
}
