import assert from 'node:assert/strict'
import { Agent, request } from 'node:http'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startSimulators } from '../../simulators/index.ts'
import { loadDemoData } from '../../start/demo-data.ts'
import { signIn } from '../support/api.ts'
import { offerWhere, slotsOf } from '../support/customer.ts'
import { testDatabase } from '../support/postgres.ts'
import { serverSettings, startServerProcess } from '../support/server-process.ts'

const drainMs = 1_200

async function opened(t: TestContext) {
  const { url: databaseUrl } = await testDatabase(t)
  const simulators = await startSimulators({ port: 0 })
  t.after(() => simulators.close())
  const { businesses } = await loadDemoData({ databaseUrl })
  const env = { ...serverSettings({ databaseUrl, simulatorsUrl: simulators.url }), DRAIN_MS: String(drainMs) }
  const server = await startServerProcess('serve', env)
  t.after(() => server.kill())
  return { server, simulatorsUrl: simulators.url, url: server.url, businesses }
}

interface Heard {
  status: number
  close: boolean
  error?: string
  /** Whether the request went out on a connection that had served before. */
  reused: boolean
}

/** One request over an agent's kept connections. Never rejects. */
function ask(agent: Agent, url: string): Promise<Heard> {
  return new Promise((resolve) => {
    const asked = request(url, { agent }, (answer) => {
      answer.resume()
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, close: answer.headers.connection === 'close', reused: asked.reusedSocket }),
      )
    })
    asked.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ status: 0, close: false, error: error.code ?? error.message, reused: asked.reusedSocket }),
    )
    asked.end()
  })
}

test('told to stop, a server says so first, answers everyone on kept connections, finishes what is slow, and ends in time', async (t) => {
  const { server, simulatorsUrl, url, businesses } = await opened(t)
  const agents = Array.from({ length: 8 }, () => new Agent({ keepAlive: true, maxSockets: 2 }))
  const idle = Array.from({ length: 10 }, () => new Agent({ keepAlive: true }))
  t.after(() => {
    for (const agent of [...agents, ...idle]) agent.destroy()
  })
  // These keep a connection open and never ask again.
  await Promise.all(idle.map((agent) => ask(agent, `${url}/livez`)))

  const customer = await signIn({ url, simulatorsUrl }, '+966551234567')
  const offer = await offerWhere({ url, businesses }, ({ requiresPayment }) => !requiresPayment)
  const { slots } = await slotsOf(url, offer)
  const slow = { provider: 'taqnyat', operation: 'send', fault: 'slow', delayMs: 1_500 }
  await fetch(`${simulatorsUrl}/faults`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(slow) })

  let leaving = false
  const told = { atMs: 0 }
  const heard: Heard[] = []
  const afterwards: Heard[] = []
  const client = async (agent: Agent) => {
    // As a balancer: it sends nothing more to a server that is not ready.
    while (told.atMs === 0) {
      const wasLeaving = leaving
      const one = await ask(agent, `${url}/v1/businesses`)
      heard.push(one)
      if (wasLeaving) afterwards.push(one)
    }
  }
  const clients = agents.flatMap((agent) => [client(agent), client(agent)])
  const prober = (async () => {
    const agent = new Agent()
    while (told.atMs === 0) {
      if ((await ask(agent, `${url}/readyz`)).status === 503) told.atMs = performance.now()
      await sleep(100)
    }
  })()
  await sleep(400)
  // Its message takes longer than the whole drain.
  const booking = sleep(0).then(() =>
    customer<{ status: string }>('POST', '/v1/bookings', {
      businessSlug: offer.slug,
      serviceId: offer.service.id,
      startsAt: slots.at(-1)!.startsAt,
    }),
  )
  await sleep(150)
  leaving = true
  const toldAt = performance.now()
  const stopped = server.stop()
  await Promise.all([...clients, prober])
  const booked = await booking
  assert.equal(await stopped, 0)
  const tookMs = performance.now() - toldAt

  assert.ok(heard.length > 100, `${heard.length} requests`)
  assert.deepEqual(
    heard.filter(({ status }) => status !== 200),
    [],
    'every request was answered',
  )
  assert.ok(
    heard.some(({ reused }) => reused),
    'connections were kept',
  )
  assert.ok(afterwards.length > 0 && afterwards.at(-1)?.close, 'the last answers say that the connection ends')
  assert.deepEqual([booked.status, booked.body.status], [201, 'confirmed'])
  assert.ok(told.atMs > 0 && told.atMs - toldAt < drainMs, 'it said so before it closed')
  assert.ok(tookMs >= drainMs && tookMs < drainMs + 6_000, `it took ${Math.round(tookMs)} ms to end`)
  console.log(
    `draining: ${heard.length} requests on kept connections, 0 dropped; ended ${Math.round(tookMs)} ms after SIGTERM, ${drainMs} ms of it by setting`,
  )
})

test('clients that do not listen cannot keep a server from ending, and what it took from them it answers', async (t) => {
  const { server, url } = await opened(t)
  const agents = Array.from({ length: 8 }, () => new Agent({ keepAlive: true, maxSockets: 2 }))
  t.after(() => {
    for (const agent of agents) agent.destroy()
  })
  let refused = 0
  const heard: Heard[] = []
  const clients = agents.map(async (agent) => {
    for (;;) {
      const one = await ask(agent, `${url}/v1/businesses`)
      if (one.error === 'ECONNREFUSED') return void (refused += 1)
      heard.push(one)
    }
  })
  await sleep(400)
  const toldAt = performance.now()
  assert.equal(await server.stop(), 0)
  const tookMs = performance.now() - toldAt
  await Promise.all(clients)
  assert.equal(refused, agents.length)
  // One that knocked as the door was closed was never let in: on a connection that had served before, nothing may be lost.
  assert.deepEqual(
    heard.filter(({ status, reused }) => status !== 200 && reused),
    [],
  )
  assert.ok(heard.filter(({ status }) => status === 0).length <= agents.length)
  assert.ok(tookMs < drainMs + 6_000, `it took ${Math.round(tookMs)} ms`)
})
