import { type Failure, killing, killingPostgres } from './proofs.ts'

const trouble = 'tests/journeys/process-trouble.test.ts'
const draining = 'tests/journeys/draining.test.ts'
const readiness = 'server/operations/readiness.test.ts'
const health = 'server/operations/health.test.ts'
const migrations = 'server/database/migrate.test.ts'
const production = 'tests/journeys/starting-in-production.test.ts'

/** J: the process and its machine. */
export const processes: Record<string, Failure> = {
  J1: {
    wrong: 'A server is told to stop in the middle of requests, on connections that clients keep open',
    we: 'It says that it is leaving, answers what it took, closes what is idle, and ends within a bound.',
    tests: [
      [draining, 'told to stop, a server says so first, answers everyone on kept connections, finishes what is slow, and ends in time'],
      [draining, 'clients that do not listen cannot keep a server from ending, and what it took from them it answers'],
    ],
  },
  J2: {
    wrong: 'A process is killed, by a person or for want of memory',
    we: 'Whatever it was at, what it had said stands and what it had begun is finished by whoever comes next.',
    tests: [
      [killing, 'a server killed at any await, and another that takes over, keep every promise'],
      [
        'tests/journeys/starting.test.ts',
        'kill -9 of the server, of PostgreSQL or of both: what runs recovers, and the next start finds the data',
      ],
      [killingPostgres, 'PostgreSQL is killed and stopped at once under load: nothing acknowledged is lost, nothing doubled'],
    ],
  },
  J3: {
    wrong: 'A promise is rejected and nobody listens',
    we: 'The process ends at once with an error instead of going on half broken; its successor takes up what it held.',
    tests: [[trouble, 'a promise nobody listens to ends the process at once, and the next one loses nothing']],
  },
  J4: {
    wrong: 'The event loop stands still: a long collection of garbage, a loop, a machine that is overloaded',
    we: 'What came meanwhile is answered; a vendor’s answer that was read too late is unknown and not failed; a server whose timers fire seconds late takes itself out until they are well; delay is a figure with an alert.',
    tests: [
      [
        trouble,
        'a process that stands still answers what came meanwhile, takes a vendor’s answer it came too late for as unknown, and shows it in its figures',
      ],
      [health, 'timers that fire seconds late take a server out until they are well in time again'],
    ],
  },
  J5: {
    wrong: 'Two processes, or ten, run the same timers',
    we: 'Every sweep takes its rows by lock or lease and is safe to run twice; nobody is a leader.',
    tests: [
      [
        'tests/journeys/doubled-sweeps.test.ts',
        'every sweep of four schedulers at once, two of them in processes of their own, does each thing once',
      ],
      ['tests/journeys/built-in-watch.test.ts', 'two processes that watch tell once, and what one counted the other sees'],
      ['server/notifications/delivery/deliver-later.test.ts', 'many workers at once send each message once'],
    ],
  },
  J6: {
    wrong: 'The wall clock of a machine jumps, ahead or back',
    we: 'What binds people is decided by PostgreSQL’s clock; a circuit does not wait for a clock that was put back to catch up. An access token alone goes by the clock of the process that reads it.',
    tests: [
      [
        trouble,
        'a clock that jumps two days … in one process frees no hold, ends no code and moves no deadline: PostgreSQL’s clock decides',
      ],
      [
        'tests/guarantees/skewed-clock.test.ts',
        'what a cancellation gives back is decided by the database’s clock, whatever the server’s says, and stands with what decided it',
      ],
    ],
  },
  J7: {
    wrong: 'Servers of two versions run side by side while one follows the other',
    we: 'Nothing is released yet, so no older version could be run beside this one. What is kept from the start: migrations go forward only, none is changed once applied, a server without all of its own does not begin, and one whose database is ahead of it goes on.',
    tests: [
      [readiness, 'a database with migrations of a newer version is ready: versions roll one after another'],
      [health, 'a server on a database without every migration has not begun, though it lives'],
      [migrations, 'a migration that was changed after it was applied is refused by name'],
      [migrations, 'three servers that start at once migrate once'],
    ],
  },
  J8: {
    wrong: 'A secret is missing, known to everyone or of the wrong kind',
    we: 'The server does not start, and says in one plain sentence each what is wrong.',
    tests: [
      [production, 'production with nothing set starts nothing and names each thing that is missing'],
      [production, 'production refuses simulators, the embedded PostgreSQL, a default secret and a test key, one sentence each'],
      ['server/config.test.ts', 'production refuses … with one plain sentence'],
    ],
  },
}
