import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { negotiateLocale } from '#foundation'
import { problems } from './errors.ts'
import { problemBody, sendProblem } from './problem-answer.ts'

/** An address that cannot be read is one nothing is found at. Fastify asks here before any hook ran. */
export function answerUnreadableAddress(_error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  request.locale = negotiateLocale(request.headers['accept-language'])
  const problem = problems.not_found()
  void reply
    .header('x-request-id', request.id)
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .header('vary', 'Accept-Language')
  void sendProblem(reply, problem.kind.status, problemBody(problem, request))
}

const fromNode: Record<string, { code: keyof typeof problems; reason: string }> = {
  HPE_HEADER_OVERFLOW: { code: 'headers_too_large', reason: 'Request Header Fields Too Large' },
  ERR_HTTP_REQUEST_TIMEOUT: { code: 'request_timeout', reason: 'Request Timeout' },
}

/** What is no HTTP at all, or never comes to its end, is told so as any other problem, and the connection is closed. */
export function answerBrokenRequest(this: FastifyInstance, error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const { code, reason } = fromNode[error.code ?? ''] ?? { code: 'invalid_request', reason: 'Bad Request' }
  const { status, title } = problems[code]().kind
  const body = JSON.stringify({ type: `https://thabit.dev/problems/${code}`, title: title.ar, status, code })
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\ncontent-type: application/problem+json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\ncache-control: no-store\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n${body}`,
  )
}
