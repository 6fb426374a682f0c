import { type Budget, nothing, type World } from './model.ts'

/** One customer, one key, one card, unless more is said. */
export function world(budget: Partial<Budget>, how: Partial<Omit<World, 'budget'>> = {}): World {
  return { askers: 1, ...how, budget: { ...nothing, pressesOfFirstKey: 1, cards: 1, ...budget } }
}

/** What is searched whole. Each allows much of one kind of trouble and a little of the rest; all of everything would take days. */
export const worlds: Record<string, World> = {
  'one card, a rival, a cancellation, a lost message, two answers at once': world({ cancels: 1, rivals: 1, silences: 1 }, { askers: 2 }),
  'two cards on one page, a cancellation, a lost message': world({ cards: 2, cancels: 1, silences: 1 }),
  'two tabs with a key each, two cards': world({ pressesOfSecondKey: 1, cards: 2 }),
  'one key pressed twice, a rival, two lost messages, and pages that anybody may pay': world(
    { pressesOfFirstKey: 2, rivals: 1, silences: 2 },
    { leaked: true },
  ),
  'one key pressed twice, a lost message, and no time limit kept': world({ pressesOfFirstKey: 2, silences: 1 }, { late: true }),
  'a refund, two lost messages, a refusal, and no time limit kept': world({ cancels: 1, silences: 2, refusals: 1 }, { late: true }),
  'a forged webhook, a page of another amount, a rival, a lost message': world({ rivals: 1, silences: 1, forgeries: 1, oddities: 1 }),
}

/** The same with more of it, for a run that may take minutes. */
export const widerWorlds: Record<string, World> = {
  'one card, a rival, a cancellation, two lost messages, two answers at once': world({ cancels: 1, rivals: 1, silences: 2 }, { askers: 2 }),
  'two cards on one page, a rival, a cancellation, a lost message': world({ cards: 2, cancels: 1, rivals: 1, silences: 1 }),
  'two tabs with a key each, two cards, a cancellation': world({ pressesOfSecondKey: 1, cards: 2, cancels: 1 }),
  'two tabs with a key each, a refusal, a lost message': world({ pressesOfSecondKey: 1, refusals: 1, silences: 1 }),
  'one key pressed twice, a rival, a cancellation, a lost message, and no time limit kept': world(
    { pressesOfFirstKey: 2, cancels: 1, rivals: 1, silences: 1 },
    { late: true },
  ),
  'one key pressed twice, a forged webhook, a page of another amount, a rival, a lost message': world({
    pressesOfFirstKey: 2,
    rivals: 1,
    silences: 1,
    forgeries: 1,
    oddities: 1,
  }),
}
