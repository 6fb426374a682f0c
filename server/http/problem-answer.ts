import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { databaseUnavailable } from '#database'
import { type Log, Problem } from '#foundation'
import { problems } from './errors.ts'
import { inRequestTrace } from './request-trace.ts'
import { describeValidation, noCardNumber } from './validation.ts'

const fromFastify: Record<string, keyof typeof problems> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_JSON_BODY: 'invalid_request',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid_request',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid_request',
  FST_ERR_BAD_URL: 'not_found',
}

/** Anything thrown, as the problem the client is told. What nobody foresaw is a 500 without detail, and one log line. */
export function toProblem(error: unknown, request: FastifyRequest, log: Log): Problem {
  if (error instanceof Problem) return error
  const { code = '', validation, validationContext, statusCode } = error as Partial<FastifyError>
  if (validation) {
    const errors = describeValidation(validation, validationContext ?? 'body', request.locale)
    return validation.some(({ keyword }) => keyword === noCardNumber)
      ? problems.card_number_not_taken({ errors })
      : problems.invalid_request({ errors })
  }
  const known = fromFastify[code]
  if (known) return problems[known]()
  if (statusCode === 400) return problems.invalid_request()
  if (statusCode === 413) return problems.payload_too_large()
  if (databaseUnavailable(error)) {
    log.warn(
      { event: 'database_unavailable', err: error, request: request.id, route: request.routeOptions.url },
      'The database cannot serve now.',
    )
    return problems.busy({}, 2)
  }
  log.error(
    { event: 'request_failed', err: error, request: request.id, route: request.routeOptions.url },
    'A request failed in a way nobody foresaw.',
  )
  return problems.internal()
}

/** The body of RFC 9457: type, title in the caller's language, status, our stable code, and which request it was. */
export function problemBody(problem: Problem, request: FastifyRequest): Record<string, unknown> {
  return {
    type: `https://thabit.dev/problems/${problem.code}`,
    title: problem.kind.title[request.locale],
    status: problem.kind.status,
    code: problem.code,
    instance: request.id,
    ...problem.members,
  }
}

export function sendProblem(reply: FastifyReply, status: number, body: unknown, retryAfterSeconds?: number): FastifyReply {
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', String(Math.max(1, Math.ceil(retryAfterSeconds))))
  return reply
    .code(status)
    .type('application/problem+json; charset=utf-8')
    .serializer((value: unknown) => JSON.stringify(value))
    .send(body)
}

export function answerProblems(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = inRequestTrace(request, () => toProblem(error, request, log))
    return sendProblem(reply, problem.kind.status, problemBody(problem, request), problem.retryAfterSeconds)
  })
}
