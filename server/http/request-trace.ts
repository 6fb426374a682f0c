import type { FastifyInstance, FastifyRequest } from 'fastify'
import { beginSpan, inTrace, newSpanId, newTrace, parseTraceParent, type SpanSink, toTraceParent, type Trace } from '#foundation'

declare module 'fastify' {
  interface FastifyRequest {
    /** Null only before the first hook: an address that cannot be read. */
    trace: Trace | null
  }
}

/**
 * Every request is in a trace: the one its `traceparent` names, or a new one when it names none to the letter. What it does
 * happens in that trace, and the answer says which it was.
 */
export function traceRequests(app: FastifyInstance, spans: SpanSink | undefined): void {
  app.decorateRequest('trace', null)
  app.addHook('onRequest', (request, reply, done) => {
    const header = request.headers['traceparent']
    const given = typeof header === 'string' ? parseTraceParent(header) : null
    const trace = given ? { ...given, spanId: newSpanId() } : newTrace()
    request.trace = trace
    void reply.header('traceparent', toTraceParent(trace))
    const endSpan = beginSpan(spans, trace, given?.spanId ?? null)
    // On the wire, whatever became of the handler.
    reply.raw.once('close', () => {
      const route = request.routeOptions.url ?? 'unknown'
      const attributes = {
        'http.request.method': request.method,
        'http.route': route,
        'http.response.status_code': reply.statusCode,
        'thabit.request': request.id,
      }
      endSpan({ name: `${request.method} ${route}`, kind: 'server', attributes }, reply.statusCode >= 500)
    })
    inTrace(trace, done)
  })
  // The events of a body that is read begin outside; its handler belongs inside again.
  app.addHook('preValidation', (request, _reply, done) => inRequestTrace(request, done))
}

export function inRequestTrace<T>(request: FastifyRequest, run: () => T): T {
  return request.trace ? inTrace(request.trace, run) : run()
}
