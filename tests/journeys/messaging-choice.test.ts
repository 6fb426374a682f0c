import assert from 'node:assert/strict'
import { test } from 'node:test'
import { grantRole } from '../../server/accounts/index.ts'
import { sql } from '../../server/database/index.ts'
import { signIn } from '../support/api.ts'
import { startProduct } from '../support/product.ts'

interface Messaging {
  channels: string[]
  providers: string[]
  reminderMinutes: number[]
  staffTold: boolean
  receiptApart: boolean
  offered: { channels: string[]; providers: { name: string; channel: string }[] }
}

const ownerPhone = '+966552000001'

test('an owner chooses how customers are told, from what the house has; nobody else may, and each change is in the audit', async (t) => {
  const product = await startProduct(t)
  const { database } = product.house
  const slug = product.businesses[0]!
  const address = `/v1/businesses/${slug}/messaging`
  const business = await database.row<{ id: string }>(sql`select id from business where slug = ${slug}`)
  await grantRole(database, ownerPhone, { role: 'owner', businessId: business!.id })
  const other = await database.row<{ id: string }>(sql`select id from business where slug <> ${slug} limit 1`)
  await grantRole(database, '+966552000002', { role: 'owner', businessId: other!.id })
  await grantRole(database, '+966552000003', { role: 'staff', businessId: business!.id })
  const owner = await signIn(product, ownerPhone)

  const { body: before } = await owner<Messaging>('GET', address)
  assert.ok(before.offered.providers.some(({ name, channel }) => name === 'taqnyat' && channel === 'sms'))
  const wish = { channels: ['sms'], providers: ['taqnyat'], reminderMinutes: [10_080, 60], staffTold: false, receiptApart: true }
  const { status, body } = await owner<Messaging>('PUT', address, wish)
  assert.equal(status, 200)
  assert.deepEqual(body, { ...wish, offered: before.offered })
  await owner('PUT', address, { staffTold: true })
  assert.deepEqual((await owner<Messaging>('GET', address)).body, { ...wish, staffTold: true, offered: before.offered })

  for (const [wrong, code] of [
    [{ providers: ['nobody'] }, 409],
    [{ channels: [] }, 400],
    [{ channels: ['sms', 'sms'] }, 400],
    [{ channels: ['pigeon'] }, 400],
    [{ reminderMinutes: [0] }, 400],
    [{ reminderMinutes: [10_081] }, 400],
    [{ reminderMinutes: [1, 2, 3, 4, 5] }, 400],
    [{ unknown: 1 }, 400],
  ] as const)
    assert.equal((await owner('PUT', address, wrong)).status, code, JSON.stringify(wrong))
  for (const phone of ['+966552000002', '+966552000003', '+966552000004']) {
    const stranger = await signIn(product, phone)
    assert.equal((await stranger('GET', address)).status, 403, phone)
    assert.equal((await stranger('PUT', address, { staffTold: false })).status, 403, phone)
  }
  assert.equal((await owner('GET', '/v1/businesses/nobody-here/messaging')).status, 404)

  const audited = await database.rows<{ actorKind: string; details: { staffTold: boolean } }>(
    sql`select actor_kind, details from audit_entry where action = 'messaging.chosen' order by at`,
  )
  assert.deepEqual(
    audited.map(({ actorKind, details }) => [actorKind, details.staffTold]),
    [
      ['staff', false],
      ['staff', true],
    ],
  )
})
