import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The server as its operators run it: `serve` or `work`, in a process of its own that can be ended in any way. */
export interface ServerProcess {
  /** Where it answers; empty for `work`. */
  url: string
  pid: number
  /** What it printed so far, errors included. */
  printed(): string
  /** Its exit code; null when a signal ended it. */
  ended: Promise<number | null>
  isAlive(): boolean
  /** As its machine would tell it to stop. Resolves once it has. */
  stop(): Promise<number | null>
  kill(): Promise<void>
  /** Brings upon it what `THABIT_TROUBLE` names (`process-trouble.ts` must have been loaded before). Resolves once it has come, or ended the process. */
  trouble(): Promise<void>
  /** Stands still at once, as a process that is swapped out, until `goOn`. */
  freeze(): void
  goOn(): void
}

const main = fileURLToPath(new URL('../../server/main.ts', import.meta.url))
const readyLimitMs = 30_000

/** Every setting a server needs beside simulated vendors; `databaseUrl` and `simulatorsUrl` are where these answer. */
export function serverSettings({ databaseUrl, simulatorsUrl }: { databaseUrl: string; simulatorsUrl: string }): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    PORT: '0',
    // The same for every process of one house: it is what tokens are issued under.
    PUBLIC_URL: 'http://thabit.test',
    LOG_LEVEL: 'error',
    // No balancer asks: nobody need be waited for.
    DRAIN_MS: '0',
    TOKEN_SECRET: 'a-token-secret-of-this-run-only-0123456789',
    ACCESS_TOKEN_MINUTES: '60',
    CODE_SECRET: 'a-code-secret-of-this-run-only-0123456789',
    CODE_RESEND_MS: '1000',
    CODE_LIMIT_PHONE_PER_DAY: '1000',
    CODE_LIMIT_ADDRESS_PER_HOUR: '100000',
    CODE_LIMIT_TOTAL_PER_HOUR: '100000',
    CODE_LIMIT_UNUSED_PER_RANGE: '100000',
    CODE_PROOF_AFTER: '0',
    CODE_SPEND_CAP_PER_DAY: '100000000',
    CODE_SPEND_CAP_PER_COUNTRY: '*=100000000',
    OTP_PROVIDER: 'unifonic',
    NOTIFICATION_PROVIDER: 'taqnyat',
    UNIFONIC_BASE_URL: simulatorsUrl,
    UNIFONIC_OTP_APP_SID: 'app-sid-of-this-run',
    TAQNYAT_BASE_URL: simulatorsUrl,
    TAQNYAT_NOTIFICATION_TOKEN: 'token-of-this-run',
    MOYASAR_BASE_URL: simulatorsUrl,
    MOYASAR_SECRET_KEY: `sk_test_${'k'.repeat(40)}`,
    MOYASAR_WEBHOOK_ENDPOINT_ID: 'hook-of-this-run-0123456789',
    MOYASAR_WEBHOOK_SECRET: 'a-webhook-secret-of-this-run-only-0123',
  }
}

/** Starts it and waits until it answers, for `work` until it lives. `before`: modules loaded before the server, for those who bend its world. */
export async function startServerProcess(
  command: 'serve' | 'work',
  env: Record<string, string>,
  { before = [] }: { before?: string[] } = {},
): Promise<ServerProcess> {
  const { PATH = '' } = process.env
  const imports = before.flatMap((module) => ['--import', module])
  const child = spawn(process.execPath, [...imports, main, command], { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH, ...env } })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const isAlive = () => child.exitCode === null && child.signalCode === null
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal)
    return ended
  }
  const address = () => /answers at (http:\S+)/.exec(printed)?.[1]
  const isReady = () => command === 'work' || address() !== undefined
  for (const deadline = performance.now() + readyLimitMs; !isReady();) {
    if (!isAlive() || performance.now() > deadline) {
      await end('SIGKILL')
      throw new Error(`The server did not start: ${printed}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return {
    url: address() ?? '',
    pid: child.pid ?? 0,
    printed: () => printed,
    ended,
    isAlive,
    stop: () => end('SIGTERM'),
    kill: async () => void (await end('SIGKILL')),
    async trouble() {
      child.kill('SIGUSR2')
      while (isAlive() && !printed.includes('trouble: ')) await new Promise((resolve) => setTimeout(resolve, 10))
    },
    freeze: () => void child.kill('SIGSTOP'),
    goOn: () => void child.kill('SIGCONT'),
  }
}
