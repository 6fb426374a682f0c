import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AccountsNeeds } from './needs.ts'

/**
 * The refresh token's cookie. `__Host-` binds it to this one host over https; browsers refuse that name over plain
 * http, so on a developer's machine it goes without.
 */
const nameOf = ({ secure }: AccountsNeeds) => (secure ? '__Host-thabit' : 'thabit')
const attributesOf = ({ secure }: AccountsNeeds) => ({ path: '/', httpOnly: true, sameSite: 'lax', secure }) as const

export function readRefreshCookie(needs: AccountsNeeds, request: FastifyRequest): string | undefined {
  const value = request.cookies[nameOf(needs)]
  return value !== undefined && /^[\w-]{43}$/.test(value) ? value : undefined
}

export function setRefreshCookie(needs: AccountsNeeds, reply: FastifyReply, refreshToken: string): void {
  void reply.setCookie(nameOf(needs), refreshToken, { ...attributesOf(needs), maxAge: needs.settings.sessions.days * 86_400 })
}

export function clearRefreshCookie(needs: AccountsNeeds, reply: FastifyReply): void {
  void reply.clearCookie(nameOf(needs), attributesOf(needs))
}
