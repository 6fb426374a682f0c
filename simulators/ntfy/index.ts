import type { Answer, Call } from '../answers.ts'
import { json } from '../answers.ts'
import type { Clock } from '../clock.ts'
import { isoTime } from '../clock.ts'
import type { Route } from '../server.ts'

/** A topic that takes nothing, to see what is done then. */
const FULL_TOPIC = 'full'
const MOST_KEPT = 200

export interface Published {
  topic: string
  body: string
  priority: string
  at: string
}

/** ntfy, played: whatever is posted to a topic is kept and can be read as `/ntfy/{topic}/json`. */
export function openNtfy({ clock }: { clock: Clock }): { routes: Route[] } {
  const kept: Published[] = []
  const publish = ({ params, text = '', headers }: Call): Answer => {
    const topic = params['topic'] ?? ''
    if (topic === FULL_TOPIC) return json(429, { code: 42901, http: 429, error: 'limit reached: too many requests' })
    const published = { topic, body: text, priority: String(headers['priority'] ?? 'default'), at: isoTime(clock.now()) }
    kept.unshift(published)
    kept.length = Math.min(kept.length, MOST_KEPT)
    return json(200, { id: String(kept.length), event: 'message', topic, message: text })
  }
  return {
    routes: [
      { method: 'POST', path: '/ntfy/:topic', handle: publish },
      {
        method: 'GET',
        path: '/ntfy/:topic/json',
        handle: ({ params }) =>
          json(
            200,
            kept.filter(({ topic }) => topic === params['topic']),
          ),
      },
    ],
  }
}
