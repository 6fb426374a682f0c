/** For each alert a fault of the real house that raises it: as it happens outside where that can be played, else as it looks in the database. */
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from '../../server/database/index.ts'
import { startSweeps, type Sweep } from '../../server/jobs/index.ts'
import type { AlertName } from '../../server/operations/index.ts'
import { asAdmin, adminUrl } from './postgres.ts'
import type { WatchedHouse } from './watched-house.ts'

export interface AlertFault {
  /** What goes wrong; gives back what ends it, if healing the house does not. */
  happens(house: WatchedHouse): Promise<void | (() => Promise<void> | void)>
  /** What goes on while time passes. */
  goesOn?(house: WatchedHouse): Promise<void>
  /** Let pass at once before it is looked at step by step, so that a day needs no thousand steps. */
  leapSeconds?: number
  /** Settings it needs. */
  house?: 'few codes'
}

const sms = (house: WatchedHouse, fault: string, more: object = {}) =>
  house.play('PUT', '/faults', { provider: 'taqnyat', operation: 'send', fault, ...more })
const codes = (house: WatchedHouse, fault: string) => house.play('PUT', '/faults', { provider: 'unifonic', operation: 'send', fault })
const heal = (house: WatchedHouse) => house.play('DELETE', '/faults')
const db = (house: WatchedHouse) => house.product.house.database

async function askForCodes(house: WatchedHouse, count: number, apart = 79_193): Promise<void> {
  for (let number = 0; number < count; number++)
    await house.api('/v1/auth/codes', { phone: `+96655${1_000_000 + number * apart}`, locale: 'ar' })
}

/** A sweep beside the house's own, in its figures. */
function sweeping(house: WatchedHouse, sweep: Sweep): () => Promise<void> {
  const { log, metrics } = house.product.house
  const running = startSweeps([sweep], { log, metrics, clock: house.clock })
  return () => running.stop()
}

export const alertFaults: Record<AlertName, AlertFault> = {
  messages_failing_fast: {
    async happens(house) {
      await sms(house, 'http-500')
      await house.book(20, 4)
    },
  },
  messages_failing: {
    async happens(house) {
      await sms(house, 'http-500', { times: 2 })
      await house.book(22, 4)
    },
  },
  messages_failing_slowly: {
    async happens(house) {
      await sms(house, 'http-500', { times: 1 })
      await house.book(24, 4)
    },
  },
  messages_late: {
    // As a process leaves it that died before its first attempt.
    async happens(house) {
      const [id] = await house.book(1)
      await db(house).run(
        sql`update notification set state = 'PENDING', ended_at = null, delivery = null, created_at = now() where about_id = ${id}`,
      )
    },
  },
  messages_unattended: {
    async happens(house) {
      await sms(house, 'http-500', { times: 1 })
      await house.book(1)
    },
  },
  messages_unattended_many: {
    async happens(house) {
      await sms(house, 'http-500')
      await house.book(21, 4)
    },
  },
  messages_missing: {
    async happens(house) {
      const [id] = await house.book(1)
      const kept = await db(house).rows<{ id: string }>(
        sql`update notification set version = version + 100 where about_id = ${id} and kind = 'booking-confirmed' returning id`,
      )
      return async () => {
        for (const row of kept) await db(house).run(sql`update notification set version = version - 100 where id = ${row.id}`)
      }
    },
  },
  messages_dead: {
    // Nobody can note an attempt, and so nobody begins one.
    async happens(house) {
      const client = await db(house).pool.connect()
      await client.query('begin')
      await client.query('lock table notification_attempt in share row exclusive mode')
      await house.book(1)
      return async () => {
        await client.query('rollback')
        client.release()
      }
    },
  },
  canary_late: {
    async happens(house) {
      await sms(house, 'http-500')
    },
    goesOn: (house) => house.run('send-canaries'),
  },
  canary_undelivered: {
    async happens(house) {
      await house.run('send-canaries')
      await db(house).run(sql`update notification set delivery = 'delivered', delivery_at = ended_at where kind = 'canary'`)
    },
    goesOn: (house) => house.run('send-canaries'),
    leapSeconds: 3_000,
  },
  messages_undelivered: {
    async happens(house) {
      // The played vendor's own good news would come between: what was delivered is not undelivered afterwards.
      await house.play('PUT', '/play/taqnyat/switches', { deliveryReports: 'never' })
      await house.book(20, 4)
      const said = await db(house).rows<{ id: string }>(
        sql`select provider_message_id as id from notification_attempt where provider_message_id is not null and result = 'ok' order by started_at desc limit 20`,
      )
      for (const { id } of said) {
        const answer = await house.api('/v1/webhooks/taqnyat/reports-of-this-test-0123', {
          messageId: id,
          recipient: '966551234567',
          status: 'failed',
          timestamp: new Date().toISOString(),
        })
        if (answer !== 200) throw new Error(`A report was answered ${answer}.`)
      }
      await house.run('merge-delivery-reports')
      const row = await db(house).row<{ undelivered: number }>(
        sql`select count(*) as undelivered from notification where delivery = 'undelivered'`,
      )
      if (row?.undelivered !== said.length || said.length < 20)
        throw new Error(`Of ${said.length} messages reported as not delivered, ${row?.undelivered} are known as such.`)
    },
  },
  messages_reclaimed: {
    async happens(house) {
      await house.book(6, 3)
      await db(house).run(sql`
        update notification set state = 'PENDING', ended_at = null, lease_until = now() - interval '1 hour', next_attempt_at = now() - interval '1 hour'
        where id in (select id from notification order by created_at desc limit 6)`)
      await house.run('deliver-notifications')
    },
  },
  money_open: {
    async happens(house) {
      await house.play('PUT', '/faults', { provider: 'moyasar', operation: 'create-invoice', fault: 'hang' })
      await house.beginToPay()
      return async () => void (await db(house).run(sql`update payment set state = 'failed' where state = 'unknown'`))
    },
    leapSeconds: 600,
  },
  money_unknown_to_us: {
    async happens(house) {
      await db(house).run(sql`insert into money_difference (kind, subject) values ('paid_unknown_to_us', 'a charge')`)
      return async () => void (await db(house).run(sql`delete from money_difference`))
    },
  },
  money_not_compared: {
    happens: (house) => house.run('reconcile'),
    leapSeconds: 93_000,
  },
  promise_broken: {
    async happens(house) {
      const [id] = await house.book(1)
      await db(house).run(sql`update claim set state = 'released' where holder_id = ${id}`)
      return async () => {
        await db(house).run(sql`update claim set state = 'booked' where holder_id = ${id}`)
        await house.run('watch-invariants')
      }
    },
    goesOn: (house) => house.run('watch-invariants'),
  },
  webhooks_late: {
    // The gateway told in time; for two minutes nobody acted on it.
    async happens(house) {
      const { bookingId } = await house.beginToPay()
      const payment = await db(house).row<{ gatewayRef: string }>(
        sql`select gateway_ref from payment where payable_id = (select order_id from booking where id = ${bookingId})`,
      )
      for (let number = 0; number < 10; number++)
        await db(house).run(sql`
          insert into webhook_event (provider, event_id, event_type, payload, received_at)
          values ('moyasar', ${`late-${number}`}, 'payment_paid', ${{ id: `late-${number}`, type: 'payment_paid', live: false, data: { id: 'none', invoice_id: payment?.gatewayRef } }}, now() - interval '2 minutes')`)
      await house.run('process-webhooks')
    },
  },
  vendor_down: {
    async happens(house) {
      await sms(house, 'reset')
      await house.book(5)
    },
  },
  vendor_misconfigured: {
    async happens(house) {
      await sms(house, 'http-401', { times: 1 })
      await house.book(1)
    },
  },
  codes_failing: {
    async happens(house) {
      await codes(house, 'http-500')
      await askForCodes(house, 20)
    },
  },
  codes_failing_few: {
    async happens(house) {
      await codes(house, 'http-500')
      await askForCodes(house, 3)
      await heal(house)
      await askForCodes(house, 4)
    },
  },
  codes_stopped: {
    happens: (house) => askForCodes(house, 31),
    house: 'few codes',
  },
  codes_prefix_stopped: {
    happens: (house) => askForCodes(house, 25, 1),
    house: 'few codes',
  },
  codes_pumped: {
    happens: (house) => askForCodes(house, 51),
  },
  requests_failing: {
    async happens(house) {
      await db(house).run(sql`alter table business rename to business_elsewhere`)
      for (let number = 0; number < 10; number++) await fetch(`${house.product.url}/v1/businesses`)
      await db(house).run(sql`alter table business_elsewhere rename to business`)
    },
  },
  bookings_slow: {
    async happens(house) {
      await sms(house, 'slow', { delayMs: 700 })
      await house.book(20, 10)
    },
  },
  database_away: {
    async happens(house) {
      const name = new URL(house.product.databaseUrl).pathname.slice(1)
      const admin = await adminUrl()
      const allow = (yes: boolean) => asAdmin(admin, (client) => client.query(`alter database ${name} allow_connections ${yes}`))
      await allow(false)
      await asAdmin(admin, (client) => client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]))
      return async () => void (await allow(true))
    },
  },
  worker_stuck: {
    async happens(house) {
      let letGo: () => void = () => {}
      const held = new Promise<number>((resolve) => (letGo = () => resolve(0)))
      const stop = sweeping(house, { name: 'stuck', everyMs: 60_000, run: () => held })
      return async () => {
        letGo()
        await stop()
      }
    },
  },
  worker_failing: {
    async happens(house) {
      const stop = sweeping(house, { name: 'failing', everyMs: 20, run: () => Promise.reject(new Error('It fails.')) })
      await sleep(150)
      await stop()
    },
  },
  pool_exhausted: {
    async happens(house) {
      const { pool } = db(house)
      const taken = await Promise.all(Array.from({ length: pool.options.max }, () => pool.connect()))
      const over = new AbortController()
      const wanting = (async () => {
        while (!over.signal.aborted)
          await pool.connect().then(
            (client) => client.release(),
            () => {},
          )
      })()
      return async () => {
        over.abort()
        for (const client of taken) client.release()
        await wanting
      }
    },
  },
  event_loop_slow: {
    async happens(house) {
      house.machineIs('as it is')
      return () => house.machineIs('idle')
    },
    async goesOn() {
      for (let times = 0; times < 3; times++) {
        const until = performance.now() + 150
        while (performance.now() < until);
        await sleep(5)
      }
    },
  },
  clock_skewed: {
    async happens() {
      const { now } = Date
      Date.now = () => now.call(Date) + 5_000
      return () => void (Date.now = now)
    },
  },
}
