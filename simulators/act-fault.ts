import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { Answer } from './answers.ts'
import { json, webPage } from './answers.ts'
import type { Fault } from './faults.ts'
import { lie } from './faults.ts'
import { bomb, cut, drip, duplicate, endless, halfOpen, slowHeaders, truncate, wrongLength } from './socket-faults.ts'
import { LONGEST_SILENCE_MS, silence } from './silence.ts'

/** How a vendor words what it is made to say. */
export type Voice = { refuse(operation: string): Answer; failure(status: number): Answer }

const SLOW_MS = 3_000
const BYTE_EVERY_MS = 100
const HEADER_EVERY_MS = 1_000

/** `address`: where the call itself went. */
export type Acting = { response: ServerResponse; work: () => Promise<Answer>; voice: Voice; operation: string; address: string }

/** Does the vendor's work, or not, and answers as the fault says, at the socket. */
export async function actFault(fault: Fault, { response, work, voice, operation, address }: Acting): Promise<void> {
  switch (fault.fault) {
    case 'refuse':
      return send(response, voice.refuse(operation))
    case 'http-400':
    case 'http-401':
    case 'http-429':
    case 'http-500':
    case 'http-503':
      return send(response, voice.failure(Number(fault.fault.slice('http-'.length))))
    case 'http-302':
    case 'http-308':
      // To the very same address: whoever follows finds the work done.
      return send(response, { status: Number(fault.fault.slice('http-'.length)), headers: { location: address }, body: '' })
    case 'edge-block':
      return send(response, webPage(403, '<!doctype html><title>Access denied</title><h1>Error 1010</h1>'))
    case 'empty':
      return send(response, { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body: '' })
    case 'error-in-200':
      return send(response, json(200, { error: { code: 'internal', message: 'Something went wrong' } }))
    case 'half-open':
      return halfOpen(response, fault.delayMs ?? LONGEST_SILENCE_MS)
    case 'late-work':
      await wait(fault.delayMs ?? SLOW_MS)
      return send(response, await work())
    case 'after-work-500':
      await work()
      return send(response, voice.failure(500))
    case 'slow-headers':
      return slowHeaders(response, await work(), fault.delayMs ?? HEADER_EVERY_MS)
    case 'endless':
      return endless(response, await work())
    case 'gzip-bomb':
      return bomb(response, await work())
    case 'wrong-length':
      return wrongLength(response, await work())
    case 'duplicate-reply':
      return duplicate(response, await work())
    case 'html':
      return send(response, webPage(200, '<!doctype html><title>Please wait</title><h1>Checking your browser…</h1>'))
    case 'hang':
      await silence(response, fault.delayMs ?? LONGEST_SILENCE_MS)
      return cut(response)
    case 'reset':
    case 'before-work':
      await silence(response, fault.delayMs ?? 0)
      return cut(response)
    case 'after-work':
      await work()
      await silence(response, fault.delayMs ?? 0)
      return cut(response)
    case 'slow': {
      const answer = await work()
      await silence(response, fault.delayMs ?? SLOW_MS)
      return send(response, answer)
    }
    case 'drip':
      return drip(response, await work(), fault.delayMs ?? BYTE_EVERY_MS)
    case 'truncated':
      return truncate(response, await work())
    case 'wrong-amount':
    case 'wrong-currency':
    case 'wrong-id':
    case 'extra-fields':
    case 'unknown-status': {
      const answer = await work()
      if (answer.status >= 300) return send(response, answer)
      return send(response, { ...answer, body: JSON.stringify(lie(fault.fault, JSON.parse(String(answer.body)), randomUUID())) })
    }
    case 'duplicate-webhook':
    case 'drop-webhook':
    case 'late-webhook':
    case 'reorder-webhook':
    case 'forged-webhook':
    // Of a mail relay alone; no HTTP vendor knows them.
    case 'busy':
    case 'greylist':
    case 'mailbox-full':
    case 'no-relay':
    case 'bad-login':
    case 'mail-refused':
    case 'mail-put-off':
      return send(response, await work())
  }
}

export function send(response: ServerResponse, answer: Answer): void {
  if (response.destroyed || response.headersSent) return
  const body = Buffer.from(answer.body)
  response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length })
  response.end(body)
}

/** Waits whether or not the client is still there: some work is done for nobody. */
function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, Math.min(ms, LONGEST_SILENCE_MS)).unref()
  })
}
