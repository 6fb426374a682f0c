import { idempotency, reconciliation, start, killingPostgres, type Failure } from './proofs.ts'

const transactions = 'server/database/transaction.test.ts'
const migrations = 'server/database/migrate.test.ts'
const fitness = 'server/database/fitness.test.ts'

/** I: the database. */
export const database: Record<string, Failure> = {
  I1: {
    wrong: 'The connection breaks right after COMMIT was sent, and nobody knows whether it stood',
    we: 'The client is told that we are busy; the same key finds what stood, or does it.',
    tests: [[killingPostgres, 'connections cut right after COMMIT was sent: the same key finds what stood']],
  },
  I2: {
    wrong: 'The gateway has a payment that our database does not know, or we have one that it does not',
    we: 'What the gateway lists and what our books say are compared both ways; each difference is put right or becomes an item for a person.',
    tests: [
      [
        reconciliation,
        'of two hundred payments damaged at random every break is found: put right, or an item for a person, and nothing else is',
      ],
      [reconciliation, 'a list that shifts while it is read, or comes twice, is compared whole; one that breaks off is not believed'],
      [reconciliation, 'what the gateway cannot be asked about just now is no difference'],
      [
        'server/payments/ledger.test.ts',
        'whatever is posted, and however often, all accounts together stand at nothing and the order at what came less what went back',
      ],
    ],
  },
  I3: {
    wrong: 'The database is restarted or killed',
    we: 'Whoever asks meanwhile is told to come again; what runs recovers, and what was committed is there.',
    tests: [
      [
        'tests/journeys/starting.test.ts',
        'kill -9 of the server, of PostgreSQL or of both: what runs recovers, and the next start finds the data',
      ],
      [killingPostgres, 'PostgreSQL is killed and stopped at once under load: nothing acknowledged is lost, nothing doubled'],
      [idempotency, 'a database that is away answers busy before the work is begun'],
    ],
  },
  I4: {
    wrong: 'All connections are taken, for one because a vendor is slow',
    we: 'No call leaves the house inside a transaction; a pool that is used up is said to be passing.',
    tests: [
      ['server/external-calls/calls.test.ts', 'a surfaced call inside a transaction is refused before the vendor is asked'],
      [start, 'no database connection is held while the gateway is silent'],
      [
        'server/database/transaction.test.ts',
        'a lock not had in time, a statement past its time and a pool used up are said to be passing',
      ],
    ],
  },
  I5: {
    wrong: 'A fault of ours leaves a transaction idle, or a statement runs without end, and others wait behind its locks',
    we: 'PostgreSQL ends it after seconds and gives its locks back; whoever waited is told to come again.',
    tests: [
      [transactions, 'a transaction that a fault of ours leaves idle is ended by PostgreSQL, and its locks are given back'],
      [transactions, 'a lock not had in time, a statement past its time and a pool used up are said to be passing'],
    ],
  },
  I6: {
    wrong: 'A copy that lags behind is asked, and money is decided on what was true a moment ago',
    we: 'There is one address of one database, and one that is being recovered or may only be read is refused at the start.',
    tests: [[fitness, 'what this machine cannot show is judged from its facts']],
  },
  I7: {
    wrong: 'The disk is full, or the database may only be read',
    we: 'Nothing is acknowledged before its commit; whoever asks is told that we are busy, and the same key may try again.',
    tests: [
      [transactions, 'a database that may only be read is said to be passing, and nothing is believed to be written'],
      ['server/http/problem-answer.test.ts', 'a database that is away is told as busy, with when to come again'],
    ],
  },
  I8: {
    wrong: 'A migration fails half way, is begun by three servers at once, or is changed after it ran',
    we: 'Each runs once, whole or not at all, under a lock that all servers know; one that was changed is refused by name.',
    tests: [
      [migrations, 'a migration that fails leaves nothing of itself and can be run when the cause is gone'],
      [migrations, 'three servers that start at once migrate once'],
      [migrations, 'a migration that was changed after it was applied is refused by name'],
    ],
  },
  I9: {
    wrong: 'The database is restored to an earlier moment, or fails over to one that lacks the last commits',
    we: 'Its identity or timeline is another one: the gateway’s list of the last 35 days is compared at once, and what is missing is put right or becomes an item.',
    tests: [
      [reconciliation, 'a database that was restored or failed over compares at once, without being told to'],
      ['server/payments/differences.test.ts', 'a payment whose row was lost comes back under its own id, and of another amount not at all'],
    ],
  },
  I10: {
    wrong: 'Keys of requests, webhooks that nobody can place and answers of old pile up',
    we: 'A key is free, and gone, after three days; a webhook about nothing of ours is given up after one.',
    tests: [
      [idempotency, 'after three days a key is free again, and old keys are removed'],
      ['server/payments/webhooks.test.ts', 'types nobody knows are noted; a payment that is nobody’s is given up after a day'],
    ],
  },
}
