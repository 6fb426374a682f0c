import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Locale } from '#foundation'
import { problems } from './errors.ts'

/** Who may call a route: anyone, anyone signed in, or the operator of the whole house. */
export type Access = 'public' | 'account' | 'operator'

/** Whoever a request comes from, once the token proved it. */
export interface Caller {
  accountId: string
  sessionId: string
  roles: readonly { role: 'platform_admin' | 'owner' | 'staff'; businessId: string | null }[]
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route says who may call it; one that does not stops the start. */
    access?: Access
    /** Whether the client's key makes a repeat of this request harmless, and must be there. */
    idempotency?: 'required' | 'optional'
  }
  interface FastifyRequest {
    caller: Caller | null
    locale: Locale
  }
}

/** Resolves a bearer token; null when it proves nothing. */
export type Authenticate = (accessToken: string) => Promise<Caller | null>

/** The account behind a request on a route that is not public. */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw problems.unauthenticated()
  return request.caller
}

export function guardAccess(app: FastifyInstance, authenticate: Authenticate): void {
  app.decorateRequest('caller', null)
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/v1/') && route.config?.access === undefined)
      throw new Error(`The route ${String(route.method)} ${route.url} does not say who may call it.`)
  })
  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access
    // Pages, health and unknown addresses have no access word and show nothing of anyone.
    if (access === undefined || access === 'public') return
    const token = /^Bearer ([\w.~+/=-]{1,4096})$/i.exec(request.headers.authorization ?? '')?.[1]
    request.caller = token === undefined ? null : await authenticate(token)
    const caller = callerOf(request)
    if (access === 'operator' && !caller.roles.some(({ role }) => role === 'platform_admin')) throw problems.forbidden()
  })
}
