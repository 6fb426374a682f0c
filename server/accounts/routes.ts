import type { FastifyRequest } from 'fastify'
import { callerOf, problems as httpProblems, type Routes } from '#http'
import { endSession } from './end-session.ts'
import type { AccountsNeeds } from './needs.ts'
import { changeContact } from './change-contact.ts'
import { type Account, accountOf } from './queries.ts'
import { clearRefreshCookie, readRefreshCookie, setRefreshCookie } from './refresh-cookie.ts'
import { refreshSession } from './refresh-session.ts'
import { requestCode } from './request-code.ts'
import { phoneOf } from './resolve-login.ts'
import { refuseCrossSite } from './same-site.ts'
import {
  ChallengeAnswer,
  CodeRequest,
  ContactAnswer,
  ContactWish,
  Me,
  RefreshAnswer,
  SessionAnswer,
  SignedOut,
  SignInRequest,
} from './schemas.ts'
import { problems } from './errors.ts'
import { verifyCode } from './verify-code.ts'

const tags = ['Signing in']

export function accountsRoutes(needs: AccountsNeeds): Routes {
  const fromOurPages = async (request: FastifyRequest) => refuseCrossSite(request, needs.publicUrl)

  return async (app) => {
    app.post(
      '/v1/auth/codes',
      {
        config: { access: 'public' },
        schema: {
          operationId: 'requestCode',
          summary: 'Send a one-time code to a phone',
          tags,
          body: CodeRequest,
          response: { 201: ChallengeAnswer },
        },
      },
      async (request, reply) => {
        const { phone, locale = request.locale, proof } = request.body
        const { challengeId, expiresAt, resendAt } = await requestCode(needs, { phone, locale, address: request.ip, proof })
        void reply.code(201)
        return { challengeId, expiresAt: expiresAt.toString(), resendAt: resendAt.toString() }
      },
    )

    app.post(
      '/v1/auth/sessions',
      {
        config: { access: 'public' },
        onRequest: fromOurPages,
        schema: {
          operationId: 'signIn',
          summary: 'Sign in with the code; the refresh token comes in a cookie',
          tags,
          body: SignInRequest,
          response: { 201: SessionAnswer },
        },
      },
      async (request, reply) => {
        const { account, accessToken, expiresAt, refreshToken } = await verifyCode(needs, { ...request.body, address: request.ip })
        setRefreshCookie(needs, reply, refreshToken)
        void reply.code(201)
        return {
          accessToken,
          expiresAt: expiresAt.toString(),
          account: { id: account.id, name: account.name, locale: account.locale, phone: account.phone },
        }
      },
    )

    app.post(
      '/v1/auth/sessions/refresh',
      {
        config: { access: 'public' },
        onRequest: fromOurPages,
        schema: { operationId: 'refreshSession', summary: 'A new access token, by the cookie', tags, response: { 200: RefreshAnswer } },
      },
      async (request, reply) => {
        const presented = readRefreshCookie(needs, request)
        if (presented === undefined) throw problems.session_ended()
        const { accessToken, expiresAt, refreshToken } = await refreshSession(needs, presented)
        setRefreshCookie(needs, reply, refreshToken)
        return { accessToken, expiresAt: expiresAt.toString() }
      },
    )

    app.delete(
      '/v1/auth/sessions/current',
      {
        // Public: whoever has no session left is signed out already.
        config: { access: 'public' },
        onRequest: fromOurPages,
        schema: { operationId: 'signOut', summary: 'Sign out: the tokens of this login end at once', tags, response: { 204: SignedOut } },
      },
      async (request, reply) => {
        const accessToken = /^Bearer (\S{1,4096})$/i.exec(request.headers.authorization ?? '')?.[1]
        await endSession(needs, { accessToken, refreshToken: readRefreshCookie(needs, request) })
        clearRefreshCookie(needs, reply)
        void reply.code(204)
        return null
      },
    )

    app.get(
      '/v1/me',
      {
        config: { access: 'account' },
        schema: { operationId: 'getMe', summary: 'The account signed in, and what it may do', tags, response: { 200: Me } },
      },
      async (request) => {
        const { accountId, roles } = callerOf(request)
        const account = await accountOf(needs.database, accountId)
        const phone = await phoneOf(needs.database, accountId)
        if (!account || phone === null) throw httpProblems.unauthenticated()
        return { id: account.id, name: account.name, locale: account.locale, phone, contact: presentContact(account), roles: [...roles] }
      },
    )

    app.put(
      '/v1/me/contact',
      {
        config: { access: 'account' },
        schema: {
          operationId: 'setContact',
          summary: 'An e-mail address for booking messages, and whether promotional ones are welcome',
          tags,
          body: ContactWish,
          response: { 200: ContactAnswer },
        },
      },
      async (request) => presentContact(await changeContact(needs.database, callerOf(request).accountId, request.body)),
    )
  }
}

function presentContact({ contactEmail, marketingConsentAt }: Account) {
  return { email: contactEmail, marketing: marketingConsentAt !== null }
}
