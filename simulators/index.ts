import { openAgenda } from './agenda.ts'
import type { Clock } from './clock.ts'
import { movableClock, systemClock } from './clock.ts'
import { controlRoutes } from './controls.ts'
import { openFaultPlan } from './faults.ts'
import { openInbox } from './inbox/inbox.ts'
import { inboxRoutes } from './inbox/routes.ts'
import { openMoyasar } from './moyasar/index.ts'
import { openNtfy } from './ntfy/index.ts'
import { openOtlp } from './otlp/index.ts'
import { fontRoutes } from './page.ts'
import { openRecentCalls } from './recent-calls.ts'
import { openReports } from './reports.ts'
import { listen } from './server.ts'
import { startRelay } from './smtp/index.ts'
import { openStore } from './store.ts'
import { openTaqnyat } from './taqnyat/index.ts'
import { openTwilio } from './twilio/index.ts'
import { openUnifonic } from './unifonic/index.ts'
import { openWhatsApp } from './whatsapp/index.ts'

/** `smtpUrl` is the mail relay's address, beside HTTP. */
export type Simulators = { url: string; smtpUrl: string; close(): Promise<void> }

/**
 * Plays the vendors on one port of this machine (`port` 0: any; taken: the next free one). With a `home` they remember
 * across restarts, without one they live in memory. `clock` is where their time starts from; `smtpPort` is any unless given;
 * `keepMessages` is how many messages the phones keep, 500 unless given.
 */
export async function startSimulators(options: {
  port: number
  smtpPort?: number
  home?: string
  clock?: Clock
  keepMessages?: number
}): Promise<Simulators> {
  const store = openStore(options.home)
  const clock = movableClock(options.clock ?? systemClock)
  const agenda = openAgenda({ store, clock })
  const faults = openFaultPlan()
  const recentCalls = openRecentCalls()
  const inbox = openInbox({ store, clock, keep: options.keepMessages })
  let url = ''
  const moyasar = openMoyasar({ store, clock, agenda, faults, url: () => url })
  const reports = openReports({ agenda, clock, faults, store })
  const messengers = { store, clock, inbox, reports }
  const unifonic = openUnifonic(messengers)
  const taqnyat = openTaqnyat(messengers)
  const twilio = openTwilio(messengers)
  const whatsapp = openWhatsApp(messengers)
  const vendors = { moyasar, unifonic, taqnyat, twilio, whatsapp }
  const switches = Object.fromEntries(Object.entries(vendors).map(([name, vendor]) => [name, vendor.switches]))
  const listening = await listen(options.port, {
    faults,
    recentCalls,
    voices: Object.fromEntries(Object.values(vendors).map(({ provider, voice }) => [provider, voice])),
    routes: [
      ...controlRoutes({ inbox, faults, recentCalls, clock, agenda, switches }),
      ...inboxRoutes({ inbox, faults, recentAttempts: moyasar.recentAttempts }),
      ...fontRoutes(),
      ...openNtfy({ clock }).routes,
      ...openOtlp().routes,
      ...Object.values(vendors).flatMap(({ routes }) => routes),
      ...reports.routes,
    ],
  })
  url = listening.url
  const relay = await startRelay(options.smtpPort ?? 0, { inbox, faults })
  agenda.start()
  return {
    url,
    smtpUrl: relay.url,
    close: async () => {
      agenda.stop()
      await Promise.all([listening.close(), relay.close()])
      store.close()
    },
  }
}
