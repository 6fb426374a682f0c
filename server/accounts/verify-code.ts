import { transaction } from '#database'
import { askedFromOf } from './admit-code.ts'
import { countAgainst, limits, prefixBucket } from './code-limits.ts'
import { problems } from './errors.ts'
import { issueSession, type Tokens } from './issue-session.ts'
import { giveBack } from './limit-queries.ts'
import type { AccountsNeeds } from './needs.ts'
import { guessesPerChallenge, isCode, readCode } from './one-time-code.ts'
import { type Account, countGuess, recordSignIn, useUp } from './queries.ts'
import { resolveLogin } from './resolve-login.ts'

export interface SignedIn extends Tokens {
  account: Account & { phone: string }
}

/**
 * Signs a person in by the code of a challenge. Wrong, expired, unknown and used up are one answer, code_invalid. A
 * guess is counted before it is compared, on the challenge and on the number (more strictly for one address than for all,
 * so that a stranger does not lock its owner out), so that neither parallel guesses nor many
 * challenges make more of them; using the code up and making the session stand or fall together.
 */
export async function verifyCode(
  needs: AccountsNeeds,
  asked: { challengeId: string; code: string; name?: string | undefined; address: string },
): Promise<SignedIn> {
  const { database, log, metrics, settings } = needs
  const written = readCode(asked.code)
  const challenge = written === null ? undefined : await countGuess(database, asked.challengeId, guessesPerChallenge)
  if (written === null || !challenge) {
    metrics.codes.inc({ event: 'limited', country: '' })
    throw problems.code_invalid()
  }
  const { id, phone, country, locale } = challenge
  const ofNumber = [limits.guessesFrom(phone, askedFromOf(needs, asked.address)), limits.guesses(phone)]
  const reachedInSeconds = await transaction(database, async (tx) => {
    for (const limit of ofNumber) {
      const seconds = await countAgainst(tx, limit)
      if (seconds !== null) return seconds
    }
    return null
  })
  if (reachedInSeconds !== null) {
    metrics.codes.inc({ event: 'limited', country })
    throw problems.code_limit_reached({}, reachedInSeconds)
  }
  if (!isCode(settings.codes.secrets, challenge.codeHmac, { purpose: 'sign-in', phone, challengeId: id }, written)) {
    metrics.codes.inc({ event: 'wrong', country })
    log.info({ event: 'code_wrong', challenge: id }, 'A wrong code.')
    throw problems.code_invalid()
  }
  metrics.codes.inc({ event: 'verified', country })
  metrics.codesVerified.inc({ country, prefix_bucket: prefixBucket(phone) })

  const signedIn = await transaction(database, async (tx) => {
    if (!(await useUp(tx, id))) return null
    const { accountId } = await resolveLogin(tx, phone, { locale, verified: true })
    const account = await recordSignIn(tx, accountId, { locale, name: asked.name?.trim() })
    if (!account) return null
    const tokens = await issueSession(needs, tx, accountId)
    // Only wrong guesses count against the number. Last, so that the count is not locked for longer than it takes.
    for (const limit of ofNumber) await giveBack(tx, limit)
    return { account: { ...account, phone }, ...tokens }
  })
  if (!signedIn) throw problems.code_invalid()
  log.info({ event: 'signed_in', account: signedIn.account.id, session: signedIn.sessionId }, 'Signed in.')
  return signedIn
}
