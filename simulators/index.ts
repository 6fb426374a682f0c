import { openAgenda } from './agenda.ts'
import type { Clock } from './clock.ts'
import { movableClock, systemClock } from './clock.ts'
import { controlRoutes } from './controls.ts'
import { openFaultPlan } from './faults.ts'
import { openInbox } from './inbox/inbox.ts'
import { inboxRoutes } from './inbox/routes.ts'
import { openMoyasar } from './moyasar/index.ts'
import { fontRoutes } from './page.ts'
import { listen } from './server.ts'
import { openStore } from './store.ts'
import { openTaqnyat } from './taqnyat/index.ts'
import { openTwilio } from './twilio/index.ts'
import { openUnifonic } from './unifonic/index.ts'

export type Simulators = { url: string; close(): Promise<void> }

/**
 * Plays the vendors on one port of this machine (`port` 0: any; taken: the next free one). With a `home` they remember
 * across restarts, without one they live in memory. `clock` is where their time starts from.
 */
export async function startSimulators(options: { port: number; home?: string; clock?: Clock }): Promise<Simulators> {
  const store = openStore(options.home)
  const clock = movableClock(options.clock ?? systemClock)
  const agenda = openAgenda({ store, clock })
  const faults = openFaultPlan()
  const inbox = openInbox({ store, clock })
  let url = ''
  const moyasar = openMoyasar({ store, clock, agenda, faults, url: () => url })
  const unifonic = openUnifonic({ store, clock, inbox })
  const taqnyat = openTaqnyat({ inbox })
  const twilio = openTwilio({ store, clock, inbox })
  const switches = { moyasar: moyasar.switches, unifonic: unifonic.switches }
  const listening = await listen(options.port, {
    faults,
    voices: { moyasar: moyasar.voice, unifonic: unifonic.voice, taqnyat: taqnyat.voice, twilio: twilio.voice },
    routes: [
      ...controlRoutes({ inbox, faults, clock, agenda, switches }),
      ...inboxRoutes({ inbox, faults, recentAttempts: moyasar.recentAttempts }),
      ...fontRoutes(),
      ...[moyasar, unifonic, taqnyat, twilio].flatMap(({ routes }) => routes),
    ],
  })
  url = listening.url
  agenda.start()
  return {
    url,
    close: async () => {
      agenda.stop()
      await listening.close()
      store.close()
    },
  }
}
