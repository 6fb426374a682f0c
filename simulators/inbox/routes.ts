import type { Call } from '../answers.ts'
import { problem, seeOther } from '../answers.ts'
import type { FaultPlan } from '../faults.ts'
import { readFault } from '../faults.ts'
import type { WebhookAttempt } from '../moyasar/objects.ts'
import { languageOf } from '../page.ts'
import type { Route } from '../server.ts'
import { inboxPage } from './inbox-page.ts'
import type { Inbox } from './inbox.ts'

/** The page for people at `/`, and the plain forms on it. */
export function inboxRoutes(parts: { inbox: Inbox; faults: FaultPlan; recentAttempts: () => WebhookAttempt[] }): Route[] {
  const { inbox, faults, recentAttempts } = parts
  const back = ({ query }: Call) => seeOther(`/?lang=${languageOf(query)}#faults`)
  return [
    {
      method: 'GET',
      path: '/',
      handle: ({ query }) =>
        inboxPage({ messages: inbox.messages(), faults: faults.list(), attempts: recentAttempts(), language: languageOf(query) }),
    },
    {
      method: 'POST',
      path: '/faults/plan',
      handle: (call) => {
        const [provider, operation] = (typeof call.fields['target'] === 'string' ? call.fields['target'] : '').split('/')
        const { fault, times } = call.fields
        const read = readFault({
          provider,
          fault,
          ...(operation === undefined ? {} : { operation }),
          ...(typeof times === 'string' && times !== '' ? { times: Number(times) } : {}),
        })
        if ('errors' in read) return problem(422, 'This vendor does not know this fault', { errors: read.errors })
        faults.put(read.fault)
        return back(call)
      },
    },
    {
      method: 'POST',
      path: '/faults/clear',
      handle: (call) => {
        faults.clear()
        return back(call)
      },
    },
  ]
}
