import { randomUUID } from 'node:crypto'
import { type Database, transaction } from '#database'
import type { Absorbed } from '#external-calls'
import type { Clock, Locale } from '#foundation'
import type { Sweep } from '#jobs'
import { canaryFigures, oldestBusiness, takeCanaryTurn } from '../figure-queries.ts'

export interface CanaryNeeds {
  database: Database
  clock: Clock
  absorbed: Absorbed
  canary: {
    recipients: readonly { channel: 'sms' | 'email' | 'whatsapp'; to: string }[]
    everyMinutes: number
  }
  locale: Locale
}

/**
 * Every so often a message to ourselves, by the customers' own way: a row in a transaction, delivered as every other, its
 * report awaited as every other. It needs no booking; that none arrives is an alarm of its own, at any hour, at any volume.
 */
export function sendCanaries({ database, clock, absorbed, canary, locale }: CanaryNeeds): Sweep {
  return {
    name: 'send-canaries',
    everyMs: 30_000,
    async run() {
      if (canary.recipients.length === 0) return 0
      await transaction(database, async (tx) => {
        if (!(await takeCanaryTurn(tx))) return
        const businessId = await oldestBusiness(tx)
        if (businessId === null) return
        const now = clock.now()
        const last = new Map((await canaryFigures(tx)).map(({ channel, lastAt }) => [channel, lastAt]))
        for (const { channel, to } of canary.recipients) {
          const before = last.get(channel)
          if (before && before.until(now).total('minutes') < canary.everyMinutes) continue
          const notAfter = now.add({ minutes: canary.everyMinutes })
          const about = { businessId, aboutId: randomUUID(), version: 1, kind: 'canary' }
          await absorbed(tx, { ...about, channel, recipient: to, locale, data: {}, notAfter })
        }
      })
      return 0
    },
  }
}
