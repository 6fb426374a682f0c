import type { Transaction } from '#database'
import type { PhoneNumber, Problem } from '#foundation'
import { smsSize } from '#notifications'
import { countAgainst, limits, prefixBreaker, prefixOf, toAddressKey } from './code-limits.ts'
import { problems } from './errors.ts'
import { limitLeftSeconds, lockLimit, prefixStanding, standingOf } from './limit-queries.ts'
import type { AccountsNeeds } from './needs.ts'
import { difficultyFor, isSolved, newRiddle, type Proof } from './proof-of-work.ts'

/** Why a code is asked for and not sent; a closed list, for the label. */
export type Obstacle = 'guesses' | 'phone' | 'address' | 'proof' | 'prefix' | 'total' | 'spend'

export interface Asking {
  number: PhoneNumber
  /** As `toAddressKey` gives it. */
  askedFrom: string
  proof?: Proof | undefined
}

/** What one text with a code costs by our own list, in minor units. */
export function priceOf({ settings: { codes } }: Pick<AccountsNeeds, 'settings'>, country: string, text: string): number {
  return Math.ceil((codes.pricePerPart[country] ?? codes.pricePerPart['*'] ?? 0) * smsSize(text).parts)
}

export function askedFromOf({ settings: { codes } }: Pick<AccountsNeeds, 'settings'>, address: string): string {
  return toAddressKey(codes.secrets[0] ?? '', address)
}

/**
 * Whether one more code may go out: counts it against every limit, or throws what the client is told and counts nothing. In
 * the caller's transaction, always in this order, so that two requests never wait for each other.
 */
export async function admitCode(needs: AccountsNeeds, tx: Transaction, asking: Asking, priceMinor: number): Promise<void> {
  const { settings, metrics } = needs
  const { codes } = settings
  const { e164: phone, country } = asking.number
  const stop = (obstacle: Obstacle, problem: Problem) => {
    metrics.codes.inc({ event: 'limited', country })
    metrics.codesBlocked.inc({ reason: obstacle })
    return problem
  }
  const within = async (obstacle: Obstacle, seconds: number | null, problem = problems.code_limit_reached) => {
    if (seconds !== null) throw stop(obstacle, problem({}, seconds))
  }

  // The address first: of a flood from one most ends here, before much was asked of the database.
  const ofAddress = limits.address(asking.askedFrom, codes.perAddressPerHour, 0)
  await lockLimit(tx, ofAddress)
  const standing = await standingOf(tx, asking.askedFrom)
  await within('address', await countAgainst(tx, limits.address(asking.askedFrom, codes.perAddressPerHour, standing.verified)))
  const trusted = Math.max(codes.proofAfter, standing.verified)
  if (codes.proofAfter > 0 && standing.outstanding >= trusted && !(await proven(needs, tx, asking.proof))) {
    const riddle = newRiddle(codes.secrets[0] ?? '', difficultyFor(standing.outstanding, trusted), needs.clock.now().epochMilliseconds)
    throw stop('proof', problems.code_proof_required({ ...riddle }))
  }

  // A number whose guesses are used up cannot use a code: it is not sent one.
  await within('guesses', await limitLeftSeconds(tx, limits.guessesFrom(phone, asking.askedFrom)))
  await within('guesses', await limitLeftSeconds(tx, limits.guesses(phone)))
  await within('phone', await countAgainst(tx, limits.phone(phone, codes.perPhonePerDay)))
  await within('phone', await countAgainst(tx, limits.phoneFrom(phone, asking.askedFrom, codes.perPhonePerDay)))

  // Not this client's doing: so many codes that nobody uses, or so much money, are an attack on our bill, and sending stops.
  const { sends, verified } = await prefixStanding(tx, prefixOf(phone))
  if (sends >= codes.unusedPerPrefix && verified < prefixBreaker.share * sends) throw stop('prefix', problems.code_sending_paused({}, 60))
  await within('total', await countAgainst(tx, limits.total(codes.totalPerHour)), problems.code_sending_paused)
  const ofCountry = codes.spendCapPerCountry[country] ?? codes.spendCapPerCountry['*'] ?? codes.spendCapPerDay
  await within('spend', await countAgainst(tx, limits.spend(country, ofCountry), priceMinor), problems.code_sending_paused)
  await within('spend', await countAgainst(tx, limits.spend('', codes.spendCapPerDay), priceMinor), problems.code_sending_paused)
}

/** A proof is good once: what was solved for one code does not carry a second. */
async function proven({ clock, settings: { codes } }: AccountsNeeds, tx: Transaction, proof: Proof | undefined): Promise<boolean> {
  if (!proof || !isSolved(codes.secrets, proof, clock.now().epochMilliseconds)) return false
  return (await countAgainst(tx, limits.proof(proof.challenge))) === null
}
