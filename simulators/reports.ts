import { randomBytes, randomUUID } from 'node:crypto'
import type { Agenda } from './agenda.ts'
import type { Answer, Call } from './answers.ts'
import { json, problem } from './answers.ts'
import type { Clock } from './clock.ts'
import { isoTime } from './clock.ts'
import type { FaultName, FaultPlan, Provider } from './faults.ts'
import type { Route } from './server.ts'
import type { Store } from './store.ts'
import type { SwitchTable } from './switches.ts'

/** The switches of every vendor that reports what became of a message. */
export const reportSwitches = {
  deliveryReports: {
    values: ['once', 'twice', 'late', 'out of order', 'never', 'forged'],
    initial: 'once',
    certainty: 'B',
    meaning: 'How reports come; a fault of the operation `report` does the same as often as it is planned.',
  },
  reportAfterMs: { values: 'whole number', initial: 300, certainty: 'D', meaning: 'Pause before each report of a message.' },
  reachesNobody: {
    values: [false, true],
    initial: false,
    certainty: 'D',
    meaning: 'Takes every message and reports it undeliverable, as it always does to a number ending in 0404.',
  },
} as const satisfies SwitchTable

export type ReportMode = (typeof reportSwitches.deliveryReports.values)[number]

/** One request to the address the vendor was given. `forged` is how the same one comes from somebody else. */
export type Report = { url: string; contentType: string; body: string; headers: Record<string, string>; forged: Forged }
type Forged = { url?: string; headers?: Record<string, string> }

/** An attempt at one report, as `GET /play/reports` shows it. */
export type ReportAttempt = { provider: string; url: string; attempt: number; status: number | null; at: string }

export type Reports = {
  /** Puts the reports of one message on their way, oldest first. Nothing happens without any. */
  announce(provider: Provider, switches: { deliveryReports: ReportMode; reportAfterMs: number }, reports: Report[]): void
  routes: Route[]
}

type Owed = Report & { provider: Provider; attempt: number; firstAtMs: number }

const LATE_MS = 30_000
const ANSWER_WITHIN_MS = 5_000
const MOST_ATTEMPTS_KEPT = 500
const MODES: Partial<Record<FaultName, ReportMode>> = {
  'duplicate-webhook': 'twice',
  'drop-webhook': 'never',
  'late-webhook': 'late',
  'reorder-webhook': 'out of order',
  'forged-webhook': 'forged',
}
/** Minutes after the first try at which a report that was not answered with 2xx comes again. */
const AGAIN_MIN: Partial<Record<Provider, number[]>> = {
  unifonic: [1, 10, 60, 360, 1_440],
  taqnyat: [1, 10],
  whatsapp: [0.2, 1, 10, 60, 360],
}

/** What the vendors of messages tell afterwards of what became of them. */
export function openReports({ agenda, clock, faults, store }: { agenda: Agenda; clock: Clock; faults: FaultPlan; store: Store }): Reports {
  /** One after another at each address: what is due together still comes in its order. */
  const queues = new Map<string, Promise<void>>()
  agenda.on('report', (payload) => {
    const owed = payload as Owed
    const done = (queues.get(owed.url) ?? Promise.resolve()).then(() => deliver(owed))
    queues.set(owed.url, done)
    return done
  })
  const deliver = async (owed: Owed): Promise<void> => {
    const status = await post(owed)
    const attempt: ReportAttempt = { provider: owed.provider, url: owed.url, attempt: owed.attempt, status, at: isoTime(clock.now()) }
    store.put('report-attempt', randomUUID(), attempt)
    store.keepNewest('report-attempt', MOST_ATTEMPTS_KEPT)
    const again = AGAIN_MIN[owed.provider]?.[owed.attempt]
    if ((status !== null && status >= 200 && status < 300) || again === undefined) return
    agenda.add('report', owed.firstAtMs + again * 60_000, { ...owed, attempt: owed.attempt + 1 })
  }
  return {
    announce: (provider, { deliveryReports, reportAfterMs }, reports) => {
      if (reports.length === 0) return
      const fault = faults.take(provider, 'report')
      const mode = (fault && MODES[fault.fault]) ?? deliveryReports
      if (mode === 'never') return
      const inOrder = mode === 'out of order' ? reports.toReversed() : reports
      for (const [index, report] of inOrder.entries()) {
        const afterMs = mode === 'late' ? (fault?.delayMs ?? LATE_MS) + index * reportAfterMs : (index + 1) * reportAfterMs
        const dueAt = clock.now() + afterMs
        const owed: Owed = { ...(mode === 'forged' ? forge(report) : report), provider, attempt: 0, firstAtMs: dueAt }
        agenda.add('report', dueAt, owed)
        if (mode === 'twice') agenda.add('report', dueAt, owed)
      }
    },
    routes: [
      {
        method: 'GET',
        path: '/play/reports',
        handle: () => json(200, { attempts: store.all<ReportAttempt>('report-attempt').toReversed() }),
      },
    ],
  }
}

function forge({ forged, ...report }: Report): Report {
  return { ...report, url: forged.url ?? report.url, headers: { ...report.headers, ...forged.headers }, forged }
}

/** The same address but for its last part, which a stranger can only guess. */
export function guessedAddress(url: string): string {
  return url.replace(/[^/]+$/, randomBytes(16).toString('hex'))
}

async function post({ url, contentType, body, headers }: Owed): Promise<number | null> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': contentType, ...headers },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    })
    await response.body?.cancel()
    return response.status
  } catch {
    return null
  }
}

/** What a customer of the vendor sets in its console: where reports go, and what they are signed with. */
export type Console<Settings> = { settings(): Settings | undefined; routes: Route[] }

/**
 * `PUT /play/VENDOR/console` with these members, all text; kept like everything the vendor knows. `check` may refuse them.
 */
export function openConsole<Settings extends Record<string, string>>(
  { provider, members, store }: { provider: Provider; members: readonly (keyof Settings & string)[]; store: Store },
  check: (settings: Settings) => Promise<string | undefined> = async () => undefined,
): Console<Settings> {
  const path = `/play/${provider}/console`
  const settings = (): Settings | undefined => store.get<Settings>('console', provider)
  const save = async ({ bodyKind, fields }: Call): Promise<Answer> => {
    if (bodyKind !== 'json') return problem(400, 'A JSON body is wanted')
    const wrong = members.filter((name) => typeof fields[name] !== 'string' || fields[name] === '')
    if (wrong.length > 0) return problem(422, 'Nothing was set', { errors: Object.fromEntries(wrong.map((name) => [name, 'is text'])) })
    const wanted = Object.fromEntries(members.map((name) => [name, fields[name]])) as Settings
    const refused = await check(wanted)
    if (refused !== undefined) return problem(422, refused)
    store.put('console', provider, wanted)
    return json(200, { settings: members })
  }
  return { settings, routes: [{ method: 'PUT', path, handle: save }] }
}

/** Whether a message is taken and then reported as undeliverable. */
export function isLost(number: string, { reachesNobody }: { reachesNobody: boolean }): boolean {
  return reachesNobody || number.endsWith('0404')
}
