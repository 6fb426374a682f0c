import { hashRefreshToken } from './issue-session.ts'
import type { AccountsNeeds } from './needs.ts'
import * as sessions from './session-queries.ts'
import { verifyToken } from './verify-token.ts'

/** Signs out whichever session the access token or the refresh token belongs to. Its tokens are worth nothing from then on. */
export async function endSession(
  needs: AccountsNeeds,
  presented: { accessToken: string | undefined; refreshToken: string | undefined },
): Promise<void> {
  const caller = presented.accessToken === undefined ? null : await verifyToken(needs, presented.accessToken)
  const byCookie =
    presented.refreshToken === undefined
      ? undefined
      : await sessions.sessionOfRefreshToken(needs.database, hashRefreshToken(presented.refreshToken))
  for (const sessionId of new Set([caller?.sessionId, byCookie])) {
    if (sessionId !== undefined) await sessions.endSession(needs.database, sessionId, 'signed_out')
  }
}
