import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { type Actor, actors, type Customer, openWorld, type Row, rows, type World } from '../support/authorization-world.ts'
import { asPerson, bookingOf, post, tokenSecret, withKey } from '../support/cast.ts'
import { type OpenApi, type Operation, readContract } from '../support/fuzz/contract.ts'
import { startProduct } from '../support/product.ts'

const customers: Customer[] = ['customerA', 'customerB']
const signedIn = new Set<Actor>(['customerA', 'customerB', 'operator'])

interface Cell {
  operation: Operation
  row: Row
  actor: Actor
  owner: Customer
  expected: number
}

function expectedOf(row: Row, actor: Actor, owner: Customer): number {
  if (row.who === 'anyone') return row.good
  if (!signedIn.has(actor)) return 401
  if (row.who === 'account') return row.good
  if (row.who === 'operator') return actor === 'operator' ? row.good : 403
  if (row.who === 'business') return actor === 'operator' ? row.good : actor === owner ? 403 : 404
  return actor === owner || (actor === 'operator' && row.operatorToo === true) ? row.good : 404
}

/** Refusals first: what they must not touch is compared before anyone uses a right. */
function cellsOf(operations: Operation[]): { refused: Cell[]; allowed: Cell[] } {
  const cells = operations.flatMap((operation) => {
    const row = rows[operation.id]!
    return actors.flatMap((actor) =>
      customers.map((owner): Cell => ({ operation, row, actor, owner, expected: expectedOf(row, actor, owner) })),
    )
  })
  return { refused: cells.filter(({ expected }) => expected >= 400), allowed: cells.filter(({ expected }) => expected < 400) }
}

async function ask(
  world: World,
  { operation, row, actor, owner }: Pick<Cell, 'operation' | 'row' | 'actor' | 'owner'>,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string; headers: Headers }> {
  const { path = {}, query, body } = row.ask(world, owner)
  const address = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''))
  // Signing out ends the login that asks: it has one to spare.
  const token = operation.id === 'signOut' ? (world.spare[actor]?.accessToken ?? world.tokens[actor]) : world.tokens[actor]
  const answer = await fetch(`${world.product.url}${address}${query === undefined ? '' : `?${query}`}`, {
    method: operation.method,
    headers: {
      'accept-language': 'en',
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(operation.parameters.some(({ name }) => name === 'idempotency-key') && { 'idempotency-key': randomUUID() }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: answer.status, text: await answer.text(), headers: answer.headers }
}

/** Words of the other customer in an answer to this one; any customer's words in an answer to a stranger. */
function leaksIn(world: World, { row, actor, expected }: Pick<Cell, 'row' | 'actor' | 'expected'>, text: string): string[] {
  const hidden = customers.filter((customer) => customer !== actor || expected >= 400)
  if (actor === 'operator' && row.showsOthers === true)
    return customers.flatMap((customer) => [world.belongings[customer].person.phone]).filter((phone) => text.includes(phone))
  return hidden.flatMap((customer) => world.belongings[customer].marks).filter((mark) => text.includes(mark))
}

async function standing(world: World): Promise<unknown> {
  return Promise.all(
    customers.flatMap((customer) => {
      const { person, read, toPay, toMove, toCancel } = world.belongings[customer]
      return [read, toPay, toMove, toCancel].map(({ id }) => bookingOf(world.product, person, id))
    }),
  )
}

test('who may do what', async (t: TestContext) => {
  const product = await startProduct(t, { env: { TOKEN_SECRET: tokenSecret, CODE_RESEND_MS: '0', HOLDS_PER_ACCOUNT: '20' } })
  const { operations } = readContract((await (await fetch(`${product.url}/openapi.json`)).json()) as OpenApi)

  await t.test('every route of the contract has a row, and every row a route', () => {
    assert.deepEqual(new Set(operations.map(({ id }) => id)), new Set(Object.keys(rows)))
  })

  await t.test('the contract says of each route whether it asks for a token', () => {
    for (const { id, secured } of operations) assert.equal(secured, rows[id]?.who !== 'anyone', id)
  })

  const world = await openWorld(product)
  const { refused, allowed } = cellsOf(operations)
  let leaks = 0
  const check = async (cell: Cell) => {
    const { operation, row, actor, owner, expected } = cell
    const sentence = `${operation.id} by ${actor}, of ${owner}`
    const { status, text, headers } = await ask(world, cell)
    assert.equal(status, expected, `${sentence}: ${text.slice(0, 300)}`)
    const found = leaksIn(world, cell, text)
    leaks += found.length
    assert.deepEqual(found, [], `${sentence} shows what is not theirs`)
    if (expected >= 400) assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/, sentence)
    if (row.cookie !== true) assert.equal(headers.get('set-cookie'), null, sentence)
  }

  await t.test('whoever may not is told so, and nothing changes', async () => {
    const before = await standing(world)
    for (const cell of refused) await check(cell)
    assert.deepEqual(await standing(world), before)
  })

  await t.test('whoever may is served, and sees nothing of others', async () => {
    for (const cell of allowed) await check(cell)
  })
  await t.test('an answer that did show another’s things would be found', async () => {
    const { person, read } = world.belongings.customerA
    const text = JSON.stringify(await bookingOf(product, person, read.id))
    assert.deepEqual(leaksIn(world, { row: rows['getBooking']!, actor: 'customerA', expected: 200 }, text), [])
    for (const [actor, expected] of [
      ['customerB', 200],
      ['customerB', 404],
      ['customerA', 404],
      ['anonymous', 200],
    ] as const)
      assert.ok(leaksIn(world, { row: rows['getBooking']!, actor, expected }, text).length >= 4, actor)
    assert.equal(
      leaksIn(world, { row: rows['listNotifications']!, actor: 'operator', expected: 200 }, `{"recipient":"${person.phone}"}`).length,
      1,
    )
  })
  t.diagnostic(
    `${refused.length + allowed.length} cells: ${operations.length} routes × ${actors.length} actors × own and foreign things; leaks ${leaks}`,
  )

  await t.test('signing out ends that login at once and no other', async () => {
    for (const actor of ['customerA', 'customerB', 'operator'] as const) {
      const me = (token: string) =>
        fetch(`${product.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } }).then(({ status }) => status)
      assert.equal(await me(world.spare[actor]!.accessToken), 401)
      assert.equal(await me(world.tokens[actor]!), 200)
    }
  })

  await t.test('a page of another site cannot use the cookie of a login', async () => {
    const { cookie } = world.belongings.customerA.person
    const strangers: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site', origin: new URL(product.url).origin },
    ]
    for (const operation of operations.filter(({ id }) => rows[id]?.cookie)) {
      for (const stranger of strangers) {
        const answer = await ask(
          world,
          { operation, row: rows[operation.id]!, actor: 'anonymous', owner: 'customerA' },
          { cookie, ...stranger },
        )
        assert.equal(answer.status, 403, `${operation.id} ${JSON.stringify(stranger)}`)
        assert.equal((JSON.parse(answer.text) as { code: string }).code, 'cross_site_refused')
        assert.equal(answer.headers.get('set-cookie'), null)
      }
    }
    const own = await post(product, '/v1/auth/sessions/refresh', undefined, { cookie, origin: new URL(product.url).origin })
    assert.equal(own.status, 200)
    assert.match(own.headers.get('set-cookie') ?? '', /; HttpOnly/)
    assert.match(own.headers.get('set-cookie') ?? '', /; SameSite=(Lax|Strict)/)
  })

  await t.test('another’s key gives another’s answer to nobody', async () => {
    const key = randomUUID()
    const { free } = world
    const book = (customer: Customer) =>
      post<{ id: string }>(
        product,
        '/v1/bookings',
        { businessSlug: free.slug, serviceId: free.service.id, startsAt: world.freeTime() },
        { ...asPerson(world.belongings[customer].person), 'idempotency-key': key },
      )
    const mine = await book('customerA')
    const theirs = await book('customerB')
    assert.deepEqual([mine.status, theirs.status], [201, 201])
    assert.notEqual(mine.body.id, theirs.body.id)
    assert.equal(theirs.headers.get('idempotent-replayed'), null)
  })

  await t.test('another’s place in a list leads through one’s own', async () => {
    const list = async (customer: Customer, query: string) =>
      (await (
        await fetch(`${product.url}/v1/bookings?limit=2${query}`, { headers: asPerson(world.belongings[customer].person) })
      ).json()) as { items: { attendeeName: string | null }[]; nextCursor: string }
    const { nextCursor } = await list('customerA', '')
    const { items } = await list('customerB', `&cursor=${nextCursor}`)
    for (const { attendeeName } of items) assert.ok(attendeeName === null || attendeeName.startsWith('only-customerB'))
  })

  await t.test('things of another business are not to be had through this one', async () => {
    const { free, belongings } = world
    const elsewhere = product.businesses.find((slug) => slug !== free.slug)!
    const foreign = (
      (await (await fetch(`${product.url}/v1/businesses/${elsewhere}/services`)).json()) as {
        items: { id: string; branchId: string; resources: { id: string }[] }[]
      }
    ).items
    const person = foreign.find(({ resources }) => resources.length > 0)?.resources[0]
    const wishes = [{ businessSlug: elsewhere }, { branchId: foreign[0]!.branchId }, ...(person ? [{ resourceId: person.id }] : [])]
    for (const wish of wishes) {
      const { status, body } = await post<{ code: string }>(
        product,
        '/v1/bookings',
        { businessSlug: free.slug, serviceId: free.service.id, startsAt: world.freeTime(), ...wish },
        withKey(belongings.customerA.person),
      )
      assert.deepEqual([status, body.code], [404, 'not_found'], JSON.stringify(wish))
    }
  })

  await t.test('no step can be skipped', async () => {
    const { person, toCancel, toMove, toPay } = world.belongings.customerA
    const step = async (id: string, what: string, body?: unknown) =>
      (await post<{ code: string }>(product, `/v1/bookings/${id}/${what}`, body, withKey(person))).body.code
    assert.equal(await step(toCancel.id, 'payments'), 'booking_not_payable')
    // Cancelling what is cancelled is no step.
    const cancelled = await bookingOf(product, person, toCancel.id)
    assert.equal(await step(toCancel.id, 'cancel', {}), undefined)
    assert.deepEqual(await bookingOf(product, person, toCancel.id), cancelled)
    assert.equal(await step(toCancel.id, 'reschedule', { startsAt: world.freeTime() }), 'booking_not_reschedulable')
    assert.equal(await step(toMove.id, 'payments'), 'booking_not_payable')
    assert.equal(await step(toPay.id, 'reschedule', { startsAt: world.freeTime() }), 'booking_not_reschedulable')
  })
})
