import { database } from './failures/database.ts'
import { hostileHands } from './failures/hostile-hands.ts'
import { processes } from './failures/processes.ts'
import type { Failure } from './failures/proofs.ts'
import { pumpingCodes } from './failures/pumping.ts'
import { searched } from './failures/searched.ts'
import { settlingMoney } from './failures/settling.ts'
import { starting } from './failures/starting.ts'
import { telling } from './failures/telling.ts'

export type { Failure } from './failures/proofs.ts'

/** Everything that goes wrong, by id. */
export const failures: Record<string, Failure> = {
  ...starting,
  ...settlingMoney,
  ...telling,
  ...database,
  ...processes,
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
  return `# What goes wrong, and what we do

A: requests that reach us · E: starting a payment · F: webhooks and the way back · G: settling, expiring, returning ·
H: telling people · I: the database · J: processes and machines · M: hostile hands · O: codes nobody wants, and what is written down · S: found by [searching the protocol](../../tests/guarantees/protocol/README.md). Only what is tested is
listed. ${made}

| | what goes wrong | what we do | tests |
|---|---|---|---|
${rows.join('\n')}
`
}
