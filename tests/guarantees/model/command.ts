import type { AsyncCommand } from 'fast-check'
import type { House } from './house.ts'
import { attemptsOf, type Model } from './model.ts'
import { compare } from './observe.ts'
import type { GatewayOperation } from './vendor-faults.ts'

/** One thing that somebody, or time, does to the house. */
export type Command = AsyncCommand<Model, House>

/**
 * Makes a command: does the same to the model and to the product, holds the answers against each other, then everything that
 * stands. `act` resolves with what happened, in words.
 */
export function command(name: string, can: (model: Model) => boolean, act: (model: Model, house: House) => Promise<string>): Command {
  let story = ''
  return {
    check: can,
    async run(model, house) {
      story = ''
      story = await act(model, house)
      await compare(model, house)
      await findLostPages(model, house)
      model.now += pauseMs(house.commands)
      await house.moveTo(model.now)
      house.commands += 1
    },
    toString: () => (story === '' ? name : `${name}: ${story}`),
  }
}

/** Whoever acts next comes two or three seconds later, and never as much later as the one before, so that no two waits end in one instant by chance. */
function pauseMs(turn: number): number {
  return 2_000 + ((turn * 619 + 101) % 997)
}

/** A page whose address got lost on its way is looked up behind the product's back: somebody may still be sent there. */
async function findLostPages(model: Model, house: House): Promise<void> {
  for (const { id, page } of attemptsOf(model)) {
    if (!page || page.url !== '') continue
    const faulty = model.plans.gateway.has('list-invoices')
    if (faulty) await house.vendor('DELETE', '/faults')
    const { invoices } = await house.vendor<{ invoices: { url: string }[] }>('GET', `/v1/invoices?metadata[attempt_id]=${id}`)
    if (invoices.length !== 1) throw new Error(`The gateway has ${invoices.length} pages of one attempt.`)
    page.url = invoices[0]!.url
    if (faulty) await plan(model, house)
  }
}

/** Plans at the vendors what goes wrong in the model. */
export async function plan({ plans }: Model, house: House): Promise<void> {
  const wanted = [...plans.gateway].map(([operation, fault]) => ({ provider: 'moyasar', operation, fault }))
  for (const fault of wanted) await house.vendor('PUT', '/faults', fault)
  if (plans.sms !== null) await house.vendor('PUT', '/faults', { provider: 'taqnyat', operation: 'send', fault: plans.sms })
  house.hanging.clear()
  for (const { operation, fault } of wanted)
    if (fault === 'hang') house.hanging.add(operation === 'list-invoices' ? 'find-invoices' : operation)
  if (plans.sms === 'hang') house.hanging.add('send-message')
}

/** One of a list, by a number that may be any. */
export function chosen<T>(list: readonly T[], pick: number): T {
  const one = list[pick % list.length]
  if (one === undefined) throw new Error('There is nothing to choose from.')
  return one
}

/** Mostly one of those that something can be done with; by a few numbers any, to hear the refusal. */
export function mostly<T>(list: readonly T[], likely: (one: T) => boolean, pick: number): T {
  return chosen(isForRefusal(pick) ? list : list.filter(likely), pick >> 3)
}

/** Whether there is such a one. */
export function hasOne<T>(list: readonly T[], likely: (one: T) => boolean, pick: number): boolean {
  return isForRefusal(pick) ? list.length > 0 : list.some(likely)
}

const isForRefusal = (pick: number) => pick % 8 === 7

export const isHealthy = ({ plans }: Model, operation: GatewayOperation) => !plans.gateway.has(operation)
