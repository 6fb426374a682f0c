import { audit, transaction } from '#database'
import { problems } from './errors.ts'
import { hashRefreshToken, issueTokens, type Tokens } from './issue-session.ts'
import type { AccountsNeeds } from './needs.ts'
import { endSession, prolongSession, usedRefreshToken, useRefreshToken } from './session-queries.ts'

/** Two tabs that wake together present the same token; so does a browser whose answer was lost. Later than this it is theft. */
const graceMs = 10_000

/**
 * New tokens for a refresh token, which is then used. A token presented again after the grace shows that two parties
 * have it, and nobody can tell the thief from the owner: the whole session ends. Throws session_ended.
 */
export async function refreshSession(needs: AccountsNeeds, refreshToken: string): Promise<Tokens> {
  const tokenHash = hashRefreshToken(refreshToken)
  const tokens = await transaction(needs.database, async (tx) => {
    let sessionId = await useRefreshToken(tx, tokenHash)
    if (sessionId === undefined) {
      const before = await usedRefreshToken(tx, tokenHash, graceMs)
      if (!before) return null
      sessionId = before.sessionId
      if (!before.justNow) {
        if (await endSession(tx, sessionId, 'token_reused')) {
          await audit(tx, {
            actorKind: 'system',
            action: 'session.ended',
            subject: 'session',
            subjectId: sessionId,
            details: { reason: 'token_reused' },
          })
          needs.log.warn({ event: 'token_reused', session: sessionId }, 'A used refresh token was presented again; its session was ended.')
        }
        return null
      }
    }
    const accountId = await prolongSession(tx, sessionId, needs.settings.sessions.days)
    return accountId === undefined ? null : issueTokens(needs, tx, { accountId, sessionId })
  })
  if (!tokens) throw problems.session_ended()
  return tokens
}
