import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Voice } from './act-fault.ts'
import { actFault, send } from './act-fault.ts'
import type { Answer, Call } from './answers.ts'
import { problem } from './answers.ts'
import type { FaultPlan, Provider } from './faults.ts'
import { readCall } from './read-call.ts'
import type { RecentCalls } from './recent-calls.ts'

/** A path of a vendor, or of our own controls (no `provider`: faults never touch those). `:name` matches one segment. */
export type Route = {
  method: string
  path: string
  provider?: Provider
  operation?: string
  handle(call: Call): Answer | Promise<Answer>
}

export type Vendor = { provider: Provider; voice: Voice; routes: Route[] }

type Listening = { url: string; close(): Promise<void> }
type Serving = { routes: Route[]; voices: Partial<Record<Provider, Voice>>; faults: FaultPlan; recentCalls: RecentCalls }

const TRIES = 50

/** Listens on loopback, on the port asked for or, when it is taken, on the next free one. */
export async function listen(port: number, serving: Serving): Promise<Listening> {
  const server = createServer((request, response) => {
    serve(request, response, serving).catch((error: unknown) => {
      console.error('simulators: a request failed', error)
      send(response, problem(500, 'The simulator itself failed; its own output says why.'))
    })
  })
  server.on('clientError', (_error, socket) => socket.destroy())
  for (let candidate = port; ; candidate += 1) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(candidate, '127.0.0.1', () => {
          server.off('error', reject)
          resolve()
        })
      })
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || candidate >= port + TRIES || port === 0) throw error
    }
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function serve(request: IncomingMessage, response: ServerResponse, { routes, voices, faults, recentCalls }: Serving): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const samePath = routes.flatMap((route) => {
    const params = match(route.path, url.pathname)
    return params === undefined ? [] : [{ route, params }]
  })
  const found = samePath.find(({ route }) => route.method === request.method)
  const call = await readCall(request, url, found?.params ?? {})
  if (found === undefined) {
    return send(response, problem(samePath.length > 0 ? 405 : 404, samePath.length > 0 ? 'Method not allowed' : 'Nothing is here'))
  }
  const { route } = found
  const work = async (): Promise<Answer> => route.handle(call)
  const { provider, operation } = route
  const voice = provider === undefined ? undefined : voices[provider]
  if (provider === undefined || operation === undefined || voice === undefined) return send(response, await work())
  const { traceparent } = request.headers
  recentCalls.add({ provider, operation, traceparent: typeof traceparent === 'string' ? traceparent : null })
  const fault = faults.take(provider, operation)
  if (fault === undefined) return send(response, await work())
  return actFault(fault, { response, work, voice, operation, address: url.pathname + url.search })
}

function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    const text = given[index] ?? ''
    if (!part.startsWith(':')) {
      if (part !== text) return undefined
    } else if (text === '') return undefined
    else params[part.slice(1)] = decode(text)
  }
  return params
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
