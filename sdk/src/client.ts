import createClient, { type Middleware } from 'openapi-fetch'
import { NoAnswerError, ProblemError, toError } from './errors.ts'
import type { paths } from './generated/openapi.ts'
import type { ManyNotifications, MessagingWish, NewBooking, NewRefund, OpsNotificationQuery, OpsPaymentQuery } from './shapes.ts'

export type ClientOptions = {
  baseUrl: string
  /** The language of problem titles, asked at every call. */
  language: () => 'ar' | 'en'
  /** The longest wait for a whole answer, body included. */
  timeoutMs?: number
  fetch?: typeof fetch
  /** Called when the server says that the session is over. */
  onSessionEnded?: () => void
}
export type Client = ReturnType<typeof createThabit>

/** The client: the access token lives in this closure only, the refresh token in a cookie that scripts cannot read. */
export function createThabit(options: ClientOptions) {
  const timeoutMs = options.timeoutMs ?? 20_000
  let accessToken: string | null = null
  let clockOffsetMs = 0
  let refreshing: Promise<void> | null = null

  const http = createClient<paths>({
    baseUrl: options.baseUrl,
    credentials: 'same-origin',
    // Looked up at each call, so that a page's own instrumentation of fetch is honoured.
    fetch: (request) => (options.fetch ?? globalThis.fetch)(request),
  })
  const middleware: Middleware = {
    onRequest({ request }) {
      request.headers.set('Accept-Language', options.language())
      if (accessToken) request.headers.set('Authorization', `Bearer ${accessToken}`)
      return request
    },
    async onResponse({ response }) {
      const date = Date.parse(response.headers.get('date') ?? '')
      // The header drops the fraction of its second: the later end is taken, so that no deadline seems further off than it is.
      if (Number.isFinite(date)) clockOffsetMs = date + 999 - Date.now()
      if (!response.ok) throw await toError(response)
    },
  }
  http.use(middleware)

  type Call<T> = (init: { signal: AbortSignal }) => Promise<{ data?: T | undefined }>

  async function once<T>(call: Call<T>): Promise<T> {
    const signal = AbortSignal.timeout(timeoutMs)
    try {
      return (await call({ signal })).data as T
    } catch (error) {
      if (error instanceof ProblemError || error instanceof NoAnswerError) throw error
      throw new NoAnswerError(signal.aborted ? 'timed_out' : 'unreachable', error)
    }
  }

  /** One call; when the access token has run out it is renewed and the call repeated, once. */
  async function ask<T>(call: Call<T>): Promise<T> {
    try {
      return await once(call)
    } catch (error) {
      if (!(error instanceof ProblemError) || error.code !== 'unauthenticated') throw error
      await refresh()
      return await once(call)
    }
  }

  /** Renews the access token from the cookie: one renewal at a time in this page, and among pages where locks exist. */
  function refresh(): Promise<void> {
    const renew = async () => {
      try {
        const session = await once((init) => http.POST('/v1/auth/sessions/refresh', init))
        accessToken = session.accessToken
      } catch (error) {
        if (error instanceof ProblemError && error.status === 401) {
          accessToken = null
          options.onSessionEnded?.()
        }
        throw error
      }
    }
    const locks = typeof navigator === 'undefined' ? undefined : navigator.locks
    refreshing ??= Promise.resolve(locks ? locks.request('thabit-session', renew) : renew()).finally(() => {
      refreshing = null
    })
    return refreshing
  }

  const path = <P>(values: P) => ({ params: { path: values } })
  const keyed = (key: string) => ({ 'idempotency-key': key })

  return {
    refresh,
    signedIn: () => accessToken !== null,
    /** The server's clock as last seen, in epoch milliseconds. */
    serverNow: () => Date.now() + clockOffsetMs,

    businesses: (query: { query?: string; cursor?: string } = {}) =>
      ask((init) => http.GET('/v1/businesses', { ...init, params: { query } })),
    unreached: (slug: string, query: { day?: string } = {}) =>
      ask((init) => http.GET('/v1/businesses/{slug}/unreached', { ...init, params: { path: { slug }, query } })),
    businessDay: (slug: string, query: { day?: string } = {}) =>
      ask((init) => http.GET('/v1/businesses/{slug}/day', { ...init, params: { path: { slug }, query } })),
    business: (slug: string) => ask((init) => http.GET('/v1/businesses/{slug}', { ...init, ...path({ slug }) })),
    services: (slug: string) => ask((init) => http.GET('/v1/businesses/{slug}/services', { ...init, ...path({ slug }) })),
    slots: (slug: string, query: { serviceId: string; from: string; to: string; resourceId?: string; branchId?: string }) =>
      ask((init) => http.GET('/v1/businesses/{slug}/slots', { ...init, params: { path: { slug }, query } })),

    /** `proof`: the riddle of code_proof_required, solved. */
    requestCode: (body: { phone: string; locale: 'ar' | 'en'; proof?: { challenge: string; solution: string } }) =>
      once((init) => http.POST('/v1/auth/codes', { ...init, body })),
    async signIn(body: { challengeId: string; code: string; name?: string }) {
      const session = await once((init) => http.POST('/v1/auth/sessions', { ...init, body }))
      accessToken = session.accessToken
      return session
    },
    async signOut() {
      await ask((init) => http.DELETE('/v1/auth/sessions/current', init))
      accessToken = null
    },
    me: () => ask((init) => http.GET('/v1/me', init)),
    /** Those I own or work for. */
    myBusinesses: () => ask((init) => http.GET('/v1/me/businesses', init)),
    setContact: (body: { email: string | null; marketing: boolean }) => ask((init) => http.PUT('/v1/me/contact', { ...init, body })),
    messaging: (slug: string) => ask((init) => http.GET('/v1/businesses/{slug}/messaging', { ...init, ...path({ slug }) })),
    chooseMessaging: (slug: string, body: MessagingWish) =>
      ask((init) => http.PUT('/v1/businesses/{slug}/messaging', { ...init, ...path({ slug }), body })),

    book: (key: string, body: NewBooking) => ask((init) => http.POST('/v1/bookings', { ...init, params: { header: keyed(key) }, body })),
    bookings: (query: { cursor?: string } = {}) => ask((init) => http.GET('/v1/bookings', { ...init, params: { query } })),
    booking: (id: string) => ask((init) => http.GET('/v1/bookings/{id}', { ...init, ...path({ id }) })),
    startPayment: (key: string, id: string) =>
      ask((init) => http.POST('/v1/bookings/{id}/payments', { ...init, params: { path: { id }, header: keyed(key) } })),
    payment: (id: string) => ask((init) => http.GET('/v1/payments/{id}', { ...init, ...path({ id }) })),
    reschedule: (key: string, id: string, body: { startsAt: string; resourceId?: string }) =>
      ask((init) => http.POST('/v1/bookings/{id}/reschedule', { ...init, params: { path: { id }, header: keyed(key) }, body })),
    cancelPreview: (id: string) => ask((init) => http.GET('/v1/bookings/{id}/cancel-preview', { ...init, ...path({ id }) })),
    cancel: (key: string, id: string, body: { reason?: string } = {}) =>
      ask((init) => http.POST('/v1/bookings/{id}/cancel', { ...init, params: { path: { id }, header: keyed(key) }, body })),
    bookingMoney: (id: string) => ask((init) => http.GET('/v1/bookings/{id}/money', { ...init, ...path({ id }) })),
    refund: (key: string, id: string, body: NewRefund) =>
      ask((init) => http.POST('/v1/bookings/{id}/refunds', { ...init, params: { path: { id }, header: keyed(key) }, body })),
    markNoShow: (key: string, id: string) =>
      ask((init) => http.POST('/v1/bookings/{id}/no-show', { ...init, params: { path: { id }, header: keyed(key) } })),
    approve: (key: string, id: string) =>
      ask((init) => http.POST('/v1/bookings/{id}/approve', { ...init, params: { path: { id }, header: keyed(key) } })),
    inviteAgain: (key: string, id: string) =>
      ask((init) => http.POST('/v1/bookings/{id}/invite-again', { ...init, params: { path: { id }, header: keyed(key) } })),
    messagePreviews: () => ask((init) => http.GET('/v1/ops/message-previews', init)),
    /** The text of an iCalendar file. */
    calendar: (id: string): Promise<string> =>
      ask(
        (init) => http.GET('/v1/bookings/{id}/calendar.ics', { ...init, ...path({ id }), parseAs: 'text' }) as Promise<{ data?: string }>,
      ),

    opsNotifications: (query: OpsNotificationQuery = {}) =>
      ask((init) => http.GET('/v1/ops/notifications', { ...init, params: { query } })),
    opsNotificationCounts: () => ask((init) => http.GET('/v1/ops/notifications/counts', init)),
    redrive: (id: string) => ask((init) => http.POST('/v1/ops/notifications/{id}/redrive', { ...init, ...path({ id }) })),
    redriveMany: (key: string, body: ManyNotifications) =>
      ask((init) => http.POST('/v1/ops/notifications/redrive', { ...init, params: { header: keyed(key) }, body })),
    sendNotificationBy: (key: string, id: string, channel: 'sms' | 'whatsapp' | 'email') =>
      ask((init) =>
        http.POST('/v1/ops/notifications/{id}/send-by', { ...init, params: { path: { id }, header: keyed(key) }, body: { channel } }),
      ),
    acknowledgeNotification: (key: string, id: string, reason: string) =>
      ask((init) =>
        http.POST('/v1/ops/notifications/{id}/acknowledge', { ...init, params: { path: { id }, header: keyed(key) }, body: { reason } }),
      ),
    opsPayments: (query: OpsPaymentQuery = {}) => ask((init) => http.GET('/v1/ops/payments', { ...init, params: { query } })),
    settle: (id: string) => ask((init) => http.POST('/v1/ops/payments/{id}/settle', { ...init, ...path({ id }) })),
    opsAlerts: () => ask((init) => http.GET('/v1/ops/alerts', init)),
    myAlerts: () => ask((init) => http.GET('/v1/me/alerts', init)),
    opsMoney: () => ask((init) => http.GET('/v1/ops/money', init)),
    refundPayment: (key: string, id: string, body: { amountMinor?: number; reason: string }) =>
      ask((init) => http.POST('/v1/ops/payments/{id}/refund', { ...init, params: { path: { id }, header: keyed(key) }, body })),
    adoptDifference: (key: string, id: string, body: { reason: string; bookingReference?: string }) =>
      ask((init) => http.POST('/v1/ops/differences/{id}/adopt', { ...init, params: { path: { id }, header: keyed(key) }, body })),
    refundDifference: (key: string, id: string, body: { reason: string }) =>
      ask((init) => http.POST('/v1/ops/differences/{id}/refund', { ...init, params: { path: { id }, header: keyed(key) }, body })),
    writeOffDifference: (key: string, id: string, body: { reason: string }) =>
      ask((init) => http.POST('/v1/ops/differences/{id}/write-off', { ...init, params: { path: { id }, header: keyed(key) }, body })),
    reconcile: () => ask((init) => http.POST('/v1/ops/reconciliation', init)),
  }
}
