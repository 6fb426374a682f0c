import { startSimulators } from '../../../simulators/index.ts'
import type { Hit, Target } from './fault-hook.ts'
import { gatewayKey, type Lane, webhookPath, webhookSecret } from './lane.ts'
import type { RunningHouse } from './running-house.ts'
import { timePasses, untilAtRest } from './time-passes.ts'

export type Fault = { operation: string; fault: string; provider?: string; times?: number; delayMs?: number }

/** One run: a server that may die, vendors that live on, and the one that takes over. */
export interface World {
  lane: Lane
  url: string
  simulatorsUrl: string
  /** From here on the server may die. */
  arm(): Promise<void>
  timePasses(ms: number): Promise<void>
  /** Does everything that is due, in whichever process lives. */
  sweep(): Promise<void>
  plan(fault: Fault): Promise<unknown>
  /** A control of the simulators. */
  play<T>(path: string, body: unknown): Promise<T>
  /** How a vendor behaves from now on. */
  turn(path: string, body: unknown): Promise<unknown>
  /** Ends the first server if it lives, and lets time pass until nothing is open. Resolves with what stays open for good. */
  comeToRest(): Promise<string[]>
  /** Whether the server died where it was told. */
  wasKilled(): boolean
  trace(): Promise<Hit[]>
  close(): Promise<void>
}

export interface Run {
  rewritten: string
  /** Null: to find out which points there are. */
  target: Target | null
  /** Whether it may die from its first instruction on. */
  whileStarting: boolean
  env?: Record<string, string>
}

export async function openWorld(lane: Lane, { rewritten, target, whileStarting, env = {} }: Run): Promise<World> {
  const simulators = await startSimulators({ port: 0 })
  const settings = { ...lane.env(simulators.url), SMTP_URL: simulators.smtpUrl, ...env }
  const simulator = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(simulators.url + path, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Basic ${Buffer.from(`${gatewayKey}:`).toString('base64')}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`The simulators answered ${answer.status} to ${path}: ${await answer.text()}`)
    return (await answer.json()) as T
  }
  await simulator('POST', '/v1/webhooks', { http_method: 'post', url: lane.url + webhookPath, shared_secret: webhookSecret })

  const first = lane.victim(rewritten)
  let killedByUs = false
  let second: RunningHouse | undefined
  const succeed = async () => {
    await first.died
    second = lane.successor()
    await second.tell({ do: 'open', env: settings, timers: false })
  }
  const succeeded = succeed()
  // Whoever waits for it hears why; nobody may be waiting yet.
  succeeded.catch(() => {})
  await first.tell({ do: 'open', env: settings, timers: true, ...(whileStarting && { armed: { target } }) })

  const world: World = {
    lane,
    url: lane.url,
    simulatorsUrl: simulators.url,
    plan: ({ provider = 'moyasar', ...fault }) => simulator('PUT', '/faults', { provider, ...fault }),
    play: (path, body) => simulator('POST', path, body),
    turn: (path, body) => simulator('PUT', path, body),
    arm: async () => {
      if (!whileStarting) await first.tell({ do: 'arm', target })
    },
    timePasses: (ms) => timePasses(lane.database, simulators.url, ms),
    async sweep() {
      if (first.isAlive() && (await first.tell({ do: 'sweep' }))) return
      await succeeded
      await second?.tell({ do: 'sweep' })
    },
    async comeToRest() {
      killedByUs = first.isAlive()
      if (killedByUs) await first.kill()
      await succeeded
      return untilAtRest(lane.database, world)
    },
    wasKilled: () => !first.isAlive() && !killedByUs,
    trace: async () => (await first.tell({ do: 'trace' }))?.trace ?? [],
    async close() {
      if (first.isAlive()) await first.kill()
      await succeeded.catch(() => {})
      await second?.tell({ do: 'close' })
      await simulators.close()
      await lane.clean()
    },
  }
  return world
}
