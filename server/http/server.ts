import { randomUUID } from 'node:crypto'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { fastify, type FastifyInstance } from 'fastify'
import type { Database } from '#database'
import { type Log, type Metrics, negotiateLocale, type SpanSink } from '#foundation'
import { type Authenticate, guardAccess } from './access.ts'
import { answerBrokenRequest, answerUnreadableAddress } from './broken-requests.ts'
import { keepIdempotency } from './idempotency.ts'
import { describeRoutes } from './openapi.ts'
import { answerProblems } from './problem-answer.ts'
import { inRequestTrace, traceRequests } from './request-trace.ts'
import { validateStrictly } from './validation.ts'
import { serveWebPages } from './web-pages.ts'

/** What a module adds to the server: HTTP only, one call each. */
export type Routes = FastifyPluginAsyncTypebox

export interface HttpNeeds {
  database: Database
  log: Log
  metrics: Metrics
  /** Who collects traces, if anybody does. */
  spans?: SpanSink | undefined
  authenticate: Authenticate
  /** How many proxies of our own stand before us. */
  trustedProxies: number
  secure: boolean
  /** Whether this server is about to close: then every answer is the last on its connection. */
  draining?: () => boolean
}

/** A server that refuses what it does not know, answers problems in two languages and says who may call what. `routes` are every module's. */
export async function createServer(needs: HttpNeeds, routes: Routes[]): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    bodyLimit: 64 * 1024,
    requestTimeout: 30_000,
    keepAliveTimeout: 10_000,
    forceCloseConnections: 'idle',
    // What reaches us while we close is answered like everything else.
    return503OnClosing: false,
    trustProxy: (_address, hop) => hop < needs.trustedProxies,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: answerUnreadableAddress,
    clientErrorHandler: answerBrokenRequest,
  })
  // JSON is all we take; a page of another site can post plain text without asking first.
  app.removeContentTypeParser('text/plain')
  answerProblems(app, needs.log)
  traceRequests(app, needs.spans)
  app.decorateRequest('locale', 'ar')
  app.addHook('onRequest', async (request, reply) => {
    request.locale = negotiateLocale(request.headers['accept-language'])
    void reply.header('x-request-id', request.id).header('vary', 'Accept-Language')
    if (request.url.startsWith('/v1/')) void reply.header('cache-control', 'no-store')
  })
  app.addHook('onSend', async (_request, reply) => {
    if (needs.draining?.()) void reply.header('connection', 'close')
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown'
    needs.metrics.httpRequests.observe(
      { http_request_method: request.method, http_route: route, http_response_status_code: reply.statusCode },
      reply.elapsedTime / 1000,
    )
    const facts = {
      event: 'request',
      request: request.id,
      method: request.method,
      route,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      account: request.caller?.accountId,
    } as const
    inRequestTrace(request, () => needs.log.info(facts, 'answered'))
  })
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameSrc: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: needs.secure ? { maxAge: 31_536_000, includeSubDomains: true } : false,
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
  })
  await app.register(cookie)
  validateStrictly(app)
  guardAccess(app, needs.authenticate)
  keepIdempotency(app, needs)
  await describeRoutes(app)
  await serveWebPages(app)
  for (const module of routes) await app.register(module)
  return app
}
