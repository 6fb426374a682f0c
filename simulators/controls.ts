import type { Agenda } from './agenda.ts'
import type { Answer, Call } from './answers.ts'
import { json, nothing, problem } from './answers.ts'
import type { MovableClock } from './clock.ts'
import { isoTime } from './clock.ts'
import type { FaultPlan } from './faults.ts'
import { KNOWN_FAULTS, readFault } from './faults.ts'
import type { Inbox } from './inbox/inbox.ts'
import type { RecentCalls } from './recent-calls.ts'
import type { Route } from './server.ts'
import type { Switches, SwitchTable } from './switches.ts'

export type Controlled = {
  inbox: Inbox
  faults: FaultPlan
  recentCalls: RecentCalls
  clock: MovableClock
  agenda: Agenda
  switches: Record<string, Switches<SwitchTable>>
}

const MOST_ADVANCE_MS = 366 * 24 * 60 * 60_000

/** The simulators' own paths, for tests and tools: what arrived, what fails, what time it is, what is undecided. */
export function controlRoutes({ inbox, faults, recentCalls, clock, agenda, switches }: Controlled): Route[] {
  const planned = (status = 200): Answer => json(status, { faults: faults.list(), known: KNOWN_FAULTS })
  const time = (): Answer => json(200, { now: isoTime(clock.now()), offsetMs: clock.offsetMs() })
  return [
    { method: 'GET', path: '/inbox.json', handle: ({ query }) => json(200, inbox.messages(query.get('to') ?? undefined)) },
    { method: 'GET', path: '/play/calls', handle: () => json(200, { calls: recentCalls.list() }) },
    { method: 'GET', path: '/faults', handle: () => planned() },
    {
      method: 'PUT',
      path: '/faults',
      handle: withJson(({ fields }) => {
        const read = readFault(fields)
        if ('errors' in read) return problem(422, 'This fault is not known here', { errors: read.errors, known: KNOWN_FAULTS })
        faults.put(read.fault)
        return planned()
      }),
    },
    {
      method: 'DELETE',
      path: '/faults',
      handle: () => {
        faults.clear()
        return planned()
      },
    },
    { method: 'GET', path: '/play/clock', handle: time },
    {
      method: 'POST',
      path: '/play/clock',
      handle: withJson(async ({ fields: { advanceMs } }) => {
        if (!Number.isSafeInteger(advanceMs) || Number(advanceMs) < 0 || Number(advanceMs) > MOST_ADVANCE_MS) {
          return problem(422, 'The clock cannot be moved like that', {
            errors: { advanceMs: `is a whole number from 0 to ${MOST_ADVANCE_MS}` },
          })
        }
        clock.advance(Number(advanceMs))
        // What became due happens before the answer, so that a test can look at once.
        await agenda.runDue()
        return time()
      }),
    },
    {
      method: 'DELETE',
      path: '/play/clock',
      handle: () => {
        clock.reset()
        return time()
      },
    },
    ...Object.entries(switches).flatMap(([vendor, table]) => switchRoutes(`/play/${vendor}/switches`, table)),
    { method: 'GET', path: '/favicon.ico', handle: nothing },
  ]
}

function switchRoutes(path: string, switches: Switches<SwitchTable>): Route[] {
  const list = (): Answer => json(200, { switches: switches.list() })
  return [
    { method: 'GET', path, handle: list },
    {
      method: 'PUT',
      path,
      handle: withJson(({ fields }) => {
        const errors = switches.set(fields)
        return errors === undefined ? list() : problem(422, 'No switch was moved', { errors })
      }),
    },
    {
      method: 'DELETE',
      path,
      handle: () => {
        switches.reset()
        return list()
      },
    },
  ]
}

function withJson(handle: (call: Call) => Answer | Promise<Answer>): Route['handle'] {
  return (call) => (call.bodyKind === 'json' ? handle(call) : problem(400, 'A JSON body is wanted'))
}
