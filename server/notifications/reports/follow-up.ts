import { audit, transaction } from '#database'
import type { StandIn } from '#external-calls'
import type { Deliverer } from '../delivery/deliver.ts'
import { mergeWaitingReports } from './delivery-reports.ts'
import { endFollowUp, type FollowUp, handOverTo, takeFollowUps } from './follow-up-queries.ts'
import { keepReports } from './report-queries.ts'
import { ask, type AskNeeds, type SettleByAsking } from './settle-by-asking.ts'

export interface FollowUpNeeds extends AskNeeds {
  deliverer: Deliverer
  settleByAsking: SettleByAsking
}

const atOnce = 10

/**
 * Finds out what became of messages after an ambiguous end, and hands those over to the next channel of which a vendor reports
 * that theirs will never reach the number. Resolves with how many were looked at.
 */
export async function followUp(needs: FollowUpNeeds): Promise<number> {
  const due = await takeFollowUps(needs.database, atOnce)
  await Promise.all(due.map((one) => (one.state === 'FAILED' ? settle(needs, one) : handOver(needs, one))))
  return due.length
}

/** Who cannot be asked may still report; what nobody says is a person's to decide. */
async function settle({ database, providers, settleByAsking }: FollowUpNeeds, { id, provider }: FollowUp): Promise<void> {
  const canBeAsked = providers.some((vendor) => vendor.name === provider && vendor.findByOurId !== undefined)
  if (canBeAsked) await settleByAsking([id])
  else await endFollowUp(database, id)
}

async function handOver(needs: FollowUpNeeds, message: FollowUp): Promise<void> {
  const { database, log, deliverer } = needs
  const { id, kind, channel, provider } = message
  const doubt = message.timely ? await doubtOf(needs, message) : 'overdue'
  const standIn = doubt === null ? await deliverer.standInFor(message) : null
  const written = standIn && (await writeStandIn(needs, message, standIn))
  if (standIn && written) {
    log.info({ event: 'notification_handed_over', notification: id, kind, from: channel, to: standIn.channel, provider }, 'handed over')
    return deliverer.takeUp({ id: written.id, channel: standIn.channel, kind })
  }
  if (doubt === 'unconfirmed') return
  await endFollowUp(database, id)
  const reason = doubt ?? (standIn ? 'already cared for' : 'no other channel')
  log.info({ event: 'notification_not_handed_over', notification: id, kind, channel, provider, reason }, 'not handed over')
}

/** Why a report is not acted on; null: it is sure. One that nobody signed is confirmed by asking the vendor. */
async function doubtOf(needs: FollowUpNeeds, message: FollowUp): Promise<'unproven' | 'unconfirmed' | 'contradicted' | null> {
  if (message.proven) return null
  const { id, provider, providerMessageId } = message
  const vendor = needs.providers.find(({ name }) => name === provider)
  if (!vendor?.findByTheirId || providerMessageId === null) return 'unproven'
  const said = await ask(needs, id, provider, (signal) => vendor.findByTheirId!(providerMessageId, signal))
  const ends = (said ?? []).filter(({ delivery }) => delivery === 'undelivered' || delivery === 'delivered' || delivery === 'read')
  // It did not answer, does not know the message or not yet its end: it is asked again.
  if (ends.length === 0) return 'unconfirmed'
  await keepReports(needs.database, { provider, verified: 'look_up', reports: ends })
  await mergeWaitingReports(needs)
  return ends.every(({ delivery }) => delivery === 'undelivered') ? null : 'contradicted'
}

/** The row that stands in for it, with its audit entry; undefined when somebody or something cared for it meanwhile. */
function writeStandIn({ database }: FollowUpNeeds, message: FollowUp, standIn: StandIn): Promise<{ id: string } | undefined> {
  const { id, businessId, kind, channel } = message
  return transaction(database, async (tx) => {
    const row = await handOverTo(tx, id, standIn)
    if (row)
      await audit(tx, {
        actorKind: 'system',
        action: 'notification.handed_over',
        subject: 'notification',
        subjectId: id,
        businessId,
        details: { kind, from: channel, to: standIn.channel, standIn: row.id },
      })
    return row
  })
}
