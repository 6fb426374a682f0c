import { randomInt, randomUUID } from 'node:crypto'
import type { Answer, Call } from '../answers.ts'
import type { Route } from '../server.ts'
import { authenticate } from './authenticate.ts'
import { isWebAddress } from './check-fields.ts'
import type { Gateway, KeptWebhook, Mode, WebhookAttempt, WebhookDelivery } from './objects.ts'
import { nowIso } from './objects.ts'
import { paged } from './paging.ts'
import type { FieldErrors } from './refusals.ts'
import { answer, invalid, notFound, refusal } from './refusals.ts'

export const EVENTS = [
  'payment_paid',
  'payment_failed',
  'payment_voided',
  'payment_authorized',
  'payment_captured',
  'payment_refunded',
  'payment_abandoned',
  'payment_verified',
  'card_auth_authenticated',
  'card_auth_failed',
]

/** The endpoints of a mode that want an event and were verified where that is asked for. */
export function listeners({ store }: Gateway, mode: Mode, type: string): KeptWebhook[] {
  return store
    .all<KeptWebhook>('webhook')
    .filter((hook) => hook.mode === mode && (hook.events?.includes(type) ?? true) && (hook.code === null || hook.verified_at !== null))
}

export function isHeldFor(delivery: WebhookDelivery, webhookId: string): boolean {
  return delivery.held && delivery.webhookId === webhookId
}

const WRONG_TRIES = 5
const CODE_LIVES_MS = 30 * 60_000

/** The API under `/v1/webhooks`. */
export function webhookRoutes(gateway: Gateway): Route[] {
  const { store, switches } = gateway
  const signedIn =
    (handle: (call: Call, mode: Mode) => Answer) =>
    (call: Call): Answer => {
      const caller = authenticate(call, switches)
      return 'refused' in caller ? caller.refused : handle(call, caller.mode)
    }
  const mine = (mode: Mode): KeptWebhook[] => store.all<KeptWebhook>('webhook').filter((hook) => hook.mode === mode)
  const one = (call: Call, mode: Mode): KeptWebhook | undefined => mine(mode).find(({ id }) => id === call.params['id'])
  const attempts = (mode: Mode): WebhookAttempt[] => {
    const ids = new Set(mine(mode).map(({ id }) => id))
    return store
      .all<WebhookAttempt>('webhook-attempt')
      .filter((attempt) => ids.has(attempt.webhook_id))
      .toReversed()
  }
  const save = (call: Call, mode: Mode, before?: KeptWebhook): Answer => {
    const read = readWebhook(call, before, switches.values.webhookHttpsOnly)
    if ('errors' in read) return invalid(read.errors, switches)
    const hook: KeptWebhook =
      before === undefined
        ? { id: randomUUID(), mode, created_at: nowIso(gateway), verified_at: null, code: null, ...read.wanted }
        : { ...before, ...read.wanted }
    if (before === undefined && switches.values.webhookVerification) hook.code = String(randomInt(100_000, 1_000_000))
    store.put('webhook', hook.id, hook)
    if (before === undefined && hook.code !== null) sendCode(gateway, hook)
    return answer(before === undefined ? 201 : 200, show(hook))
  }
  return [
    { method: 'GET', path: '/v1/webhooks/available_events', handle: signedIn(() => answer(200, { events: EVENTS })) },
    {
      method: 'GET',
      path: '/v1/webhooks/attempts',
      handle: signedIn((call, mode) => {
        const wanted = (['webhook_id', 'event_id', 'event_type', 'result'] as const).filter((name) => call.query.has(name))
        const found = attempts(mode).filter((attempt) => wanted.every((name) => attempt[name] === call.query.get(name)))
        return answer(200, paged('webhook_attempts', found, call))
      }),
    },
    {
      method: 'GET',
      path: '/v1/webhooks/attempts/:id',
      handle: signedIn((call, mode) => {
        const found = attempts(mode).find(({ id }) => id === call.params['id'])
        return found === undefined ? notFound(switches) : answer(200, found)
      }),
    },
    { method: 'POST', path: '/v1/webhooks', handle: signedIn((call, mode) => save(call, mode)) },
    {
      method: 'GET',
      path: '/v1/webhooks',
      handle: signedIn((call, mode) => answer(200, paged('webhooks', mine(mode).map(show).toReversed(), call))),
    },
    {
      method: 'GET',
      path: '/v1/webhooks/:id',
      handle: signedIn((call, mode) => {
        const hook = one(call, mode)
        return hook === undefined ? notFound(switches) : answer(200, show(hook))
      }),
    },
    {
      method: 'PUT',
      path: '/v1/webhooks/:id',
      handle: signedIn((call, mode) => {
        const hook = one(call, mode)
        return hook === undefined ? notFound(switches) : save(call, mode, hook)
      }),
    },
    {
      method: 'DELETE',
      path: '/v1/webhooks/:id',
      handle: signedIn((call, mode) => {
        const hook = one(call, mode)
        if (hook === undefined) return notFound(switches)
        store.remove('webhook', hook.id)
        return answer(200, { message: 'Webhook deleted' })
      }),
    },
    {
      method: 'POST',
      path: '/v1/webhooks/:id/verify',
      handle: signedIn((call, mode) => {
        const hook = one(call, mode)
        if (hook === undefined) return notFound(switches)
        const tries = (hook.tries ?? 0) + 1
        const over = tries > WRONG_TRIES || gateway.clock.now() - Date.parse(hook.created_at) > CODE_LIVES_MS
        if (over || call.fields['code'] !== hook.code) {
          store.put('webhook', hook.id, { ...hook, tries })
          return refusal(400, 'webhook_verification_invalid', 'The verification code is wrong')
        }
        const verified = { ...hook, verified_at: nowIso(gateway) }
        store.put('webhook', hook.id, verified)
        return answer(200, show(verified))
      }),
    },
  ]
}

/** The secret is never given back. */
function show({ id, http_method, url, created_at, events, verified_at, code }: KeptWebhook): Record<string, unknown> {
  return { id, http_method, url, created_at, events: events ?? EVENTS, verified: code === null || verified_at !== null, verified_at }
}

type Wanted = Pick<KeptWebhook, 'http_method' | 'url' | 'sharedSecret' | 'events'>

function readWebhook({ fields }: Call, before: KeptWebhook | undefined, httpsOnly: boolean): { wanted: Wanted } | { errors: FieldErrors } {
  const errors: FieldErrors = {}
  const method = fields['http_method'] ?? before?.http_method
  const url = fields['url'] ?? before?.url
  const secret = fields['shared_secret'] ?? before?.sharedSecret
  const events = fields['events'] ?? before?.events ?? null
  if (method !== 'post' && method !== 'put' && method !== 'patch') errors['http_method'] = ['is not included in the list']
  if (typeof url !== 'string' || !isWebAddress(url)) errors['url'] = ['is invalid']
  else if (httpsOnly && !url.startsWith('https:')) errors['url'] = ['must be https']
  if (typeof secret !== 'string' || secret === '') errors['shared_secret'] = ["can't be blank"]
  if (events !== null && !(Array.isArray(events) && events.every((event) => EVENTS.includes(String(event))))) {
    errors['events'] = ['has an unknown event']
  }
  if (Object.keys(errors).length > 0) return { errors }
  const named = events === null || (events as string[]).length === 0 ? null : (events as string[])
  return { wanted: { http_method: method as Wanted['http_method'], url: url as string, sharedSecret: secret as string, events: named } }
}

function sendCode(gateway: Gateway, hook: KeptWebhook): void {
  const data = { webhook_id: hook.id, verification_code: hook.code }
  const event = {
    id: randomUUID(),
    type: 'webhook_verification',
    created_at: nowIso(gateway),
    account_name: 'Thabit (simulated)',
    live: hook.mode === 'live',
    data,
  }
  gateway.agenda.add('webhook', gateway.clock.now(), {
    webhookId: hook.id,
    event,
    attempt: 0,
    firstAtMs: null,
    held: false,
  } satisfies WebhookDelivery)
}
