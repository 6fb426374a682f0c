import { gatewaySteps } from './gateway.ts'
import type { Guard } from './guards.ts'
import { copy, type State, type Step, type Turn, type World } from './model.ts'
import { customerSteps, timeSteps } from './outside.ts'
import { serverSteps } from './server.ts'

/** Everything that may happen next. `without` is the guard that this protocol lacks. */
export function stepsFrom(now: State, world: World, without: Guard | null): Step[] {
  const steps: Step[] = []
  const turn: Turn = {
    now,
    world,
    has: (guard) => guard !== without,
    can(label, change, quiet = true) {
      const after = copy(now)
      change(after)
      steps.push({ label, after, quiet })
    },
  }
  customerSteps(turn)
  timeSteps(turn)
  gatewaySteps(turn)
  serverSteps(turn)
  now.actors.forEach((actor, at) => {
    const die = (next: State) => {
      next.actors.splice(at, 1)
      // The event it was working on comes back by itself.
      if (actor.is === 'asker' && actor.told) next.attempts[actor.attempt]!.webhook = 'kept'
    }
    turn.can(`a process dies (${actor.is})`, die, false)
  })
  return steps
}
