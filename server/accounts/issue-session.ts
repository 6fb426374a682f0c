import { createHash, createSecretKey, type KeyObject, randomBytes, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import type { Transaction } from '#database'
import type { AccountsNeeds } from './needs.ts'
import { insertRefreshToken, insertSession } from './session-queries.ts'

export interface Tokens {
  sessionId: string
  accessToken: string
  /** When the access token ends. */
  expiresAt: Temporal.Instant
  /** Given to the browser's cookie alone. */
  refreshToken: string
}

/** Who made an access token, and for whom: the verifier accepts no other. */
export const tokenAudience = 'thabit'

export function tokenKey({ settings }: AccountsNeeds): KeyObject {
  return createSecretKey(Buffer.from(settings.sessions.secret))
}

/** Refresh tokens have 256 random bits, so a plain hash is enough to keep a copy of the database from being a login. */
export function hashRefreshToken(refreshToken: string): Buffer {
  return createHash('sha256').update(refreshToken).digest()
}

/** Opens a session for an account, and gives its first tokens. */
export async function issueSession(needs: AccountsNeeds, tx: Transaction, accountId: string): Promise<Tokens> {
  const sessionId = await insertSession(tx, accountId, needs.settings.sessions.days)
  return issueTokens(needs, tx, { accountId, sessionId })
}

/** The only place tokens are made: an access token that names the account by its id and no phone, and the next refresh token. */
export async function issueTokens(
  needs: AccountsNeeds,
  tx: Transaction,
  { accountId, sessionId }: { accountId: string; sessionId: string },
): Promise<Tokens> {
  const refreshToken = randomBytes(32).toString('base64url')
  await insertRefreshToken(tx, sessionId, hashRefreshToken(refreshToken))
  const issuedAt = Math.floor(needs.clock.now().epochMilliseconds / 1000)
  const expiresAt = issuedAt + needs.settings.sessions.accessMinutes * 60
  const accessToken = await new SignJWT({ sid: sessionId })
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
    .setSubject(accountId)
    .setAudience(tokenAudience)
    .setIssuer(needs.publicUrl)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .setJti(randomUUID())
    .sign(tokenKey(needs))
  return { sessionId, accessToken, expiresAt: Temporal.Instant.fromEpochMilliseconds(expiresAt * 1000), refreshToken }
}
