import { statusIs } from './acts.ts'
import { insist } from './patience.ts'
import type { Ending, Scene, Story } from './stories.ts'

interface Difference {
  id: string
  kind: string
}

/** Money that came around us: a page somebody made by hand at the gateway, paid, of which no webhook tells. */
async function strayMoney({ does, world }: Scene, amountMinor: number): Promise<void> {
  await world.plan({ operation: 'webhook', fault: 'drop-webhook' })
  const { url } = await world.play<{ url: string }>('/v1/invoices', { amount: amountMinor, currency: 'SAR', description: 'By hand' })
  await does.play(url)
}

/** Compares the gateway's list with ours until the stray money is an item for a person. */
async function findStray({ world }: Scene): Promise<Difference> {
  const { operator } = world.lane
  for (let tries = 0; tries < 10; tries++) {
    const run = await insist<{ code?: string }>(world, operator, { method: 'POST', path: '/v1/ops/reconciliation' })
    // The turn of one who died in the middle comes back by the passing of time.
    if (run.body.code === 'reconciliation_running') await world.timePasses(80_000)
    const { body } = await insist<{ differences: Difference[] }>(world, operator, { method: 'GET', path: '/v1/ops/money' })
    const found = body.differences.find(({ kind }) => kind === 'paid_unknown_to_us')
    if (found) return found
  }
  throw new Error('The comparison never found the money.')
}

async function returnStray(scene: Scene): Promise<Ending> {
  const { does, world, heard } = scene
  await strayMoney(scene, 7_700)
  await world.arm()
  const { id } = await findStray(scene)
  await does.post(world.lane.operator, `/v1/ops/differences/${id}/refund`, { reason: 'Nobody here sold this.' })
  await world.sweep()
  return { bookings: {}, keptMinor: 0, heard }
}

async function adoptStray(scene: Scene): Promise<Ending> {
  const { does, person, world, heard } = scene
  const booking = await does.book(person, world.lane.paid)
  const { amountMinor } = booking.price
  await strayMoney(scene, amountMinor)
  await world.arm()
  const { id } = await findStray(scene)
  await does.post(world.lane.operator, `/v1/ops/differences/${id}/adopt`, {
    reason: 'Paid at the counter.',
    bookingReference: booking.reference,
  })
  await does.until(person, booking, statusIs('confirmed'))
  return { bookings: { [booking.id]: { status: 'confirmed' } }, keptMinor: amountMinor, heard }
}

export const operatorStories: Story[] = [
  { name: 'stray money, given back', tell: returnStray },
  { name: 'stray money, adopted', tell: adoptStray },
]
