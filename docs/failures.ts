import { database } from './failures/database.ts'
import { hostileHands } from './failures/hostile-hands.ts'
import type { Failure } from './failures/proofs.ts'
import { pumpingCodes } from './failures/pumping.ts'
import { searched } from './failures/searched.ts'
import { settlingMoney } from './failures/settling.ts'
import { starting } from './failures/starting.ts'

export type { Failure } from './failures/proofs.ts'

/** Everything that goes wrong with money, by id. */
export const failures: Record<string, Failure> = {
  ...starting,
  ...settlingMoney,
  ...database,
  ...hostileHands,
  ...searched,
  ...pumpingCodes,
}

/** docs/reference/failures.md */
export function failuresPage(made: string): string {
  const rows = Object.entries(failures).map(([id, { wrong, we, tests }]) => {
    const proofs = tests.map(([file, name]) => `[${name.replaceAll('|', '\\|')}](../../${file})`)
    return `| ${id} | ${wrong} | ${we} | ${proofs.join('<br>')} |`
  })
  return `# What goes wrong with money, and what we do

A: requests that reach us · E: starting a payment · F: webhooks and the way back · G: settling, expiring, returning ·
I: the database · M: hostile hands · O: codes nobody wants, and what is written down · S: found by [searching the protocol](../../tests/guarantees/protocol/README.md). Only what is tested is
listed. ${made}

| | what goes wrong | what we do | tests |
|---|---|---|---|
${rows.join('\n')}
`
}
