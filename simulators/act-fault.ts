import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Answer } from './answers.ts';
import { webPage } from './answers.ts';
import type { Fault } from './faults.ts';
import { lie } from './faults.ts';

/** How a vendor words what it is made to say. */
export type Voice = { refuse(operation: string): Answer; failure(status: number): Answer };

const LONGEST_SILENCE_MS = 60_000;
const SLOW_MS = 3_000;
const BYTE_EVERY_MS = 100;

export type Acting = { response: ServerResponse; work: () => Promise<Answer>; voice: Voice; operation: string };

/** Does the vendor's work, or not, and answers as the fault says, at the socket. */
export async function actFault(fault: Fault, { response, work, voice, operation }: Acting): Promise<void> {
  switch (fault.fault) {
    case 'refuse':
      return send(response, voice.refuse(operation));
    case 'http-400':
    case 'http-401':
    case 'http-429':
    case 'http-500':
    case 'http-503':
      return send(response, voice.failure(Number(fault.fault.slice('http-'.length))));
    case 'html':
      return send(response, webPage(200, '<!doctype html><title>Please wait</title><h1>Checking your browser…</h1>'));
    case 'hang':
      await silence(response, fault.delayMs ?? LONGEST_SILENCE_MS);
      return cut(response);
    case 'reset':
    case 'before-work':
      await silence(response, fault.delayMs ?? 0);
      return cut(response);
    case 'after-work':
      await work();
      await silence(response, fault.delayMs ?? 0);
      return cut(response);
    case 'slow': {
      const answer = await work();
      await silence(response, fault.delayMs ?? SLOW_MS);
      return send(response, answer);
    }
    case 'drip':
      return drip(response, await work(), fault.delayMs ?? BYTE_EVERY_MS);
    case 'truncated':
      return truncate(response, await work());
    case 'wrong-amount':
    case 'wrong-id':
    case 'unknown-status': {
      const answer = await work();
      if (answer.status >= 300) return send(response, answer);
      return send(response, { ...answer, body: JSON.stringify(lie(fault.fault, JSON.parse(String(answer.body)), randomUUID())) });
    }
    case 'duplicate-webhook':
    case 'drop-webhook':
    case 'late-webhook':
    case 'reorder-webhook':
    case 'forged-webhook':
      return send(response, await work());
  }
}

export function send(response: ServerResponse, answer: Answer): void {
  if (response.destroyed || response.headersSent) return;
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length });
  response.end(body);
}

/** Waits, but no longer than the client does, nor than a minute. */
function silence(response: ServerResponse, ms: number): Promise<void> {
  if (ms === 0 || response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      response.off('close', done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(ms, LONGEST_SILENCE_MS));
    response.once('close', done);
  });
}

/** A TCP reset, so that the client sees ECONNRESET and not a tidy end. */
function cut(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

async function drip(response: ServerResponse, answer: Answer, everyMs: number): Promise<void> {
  const body = Buffer.from(answer.body);
  const endsAt = performance.now() + LONGEST_SILENCE_MS;
  response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length });
  for (const byte of body) {
    if (response.destroyed) return;
    if (performance.now() > endsAt) return cut(response);
    response.write(Buffer.of(byte));
    await silence(response, everyMs);
  }
  response.end();
}

/** Promises the whole length, sends half, closes politely: the client must notice by itself. */
function truncate(response: ServerResponse, answer: Answer): void {
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length });
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.end());
}
