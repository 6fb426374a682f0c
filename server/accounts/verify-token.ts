import { errors, jwtVerify } from 'jose'
import type { Caller } from '#http'
import { tokenAudience, tokenKey } from './issue-session.ts'
import type { AccountsNeeds } from './needs.ts'
import { liveCaller } from './session-queries.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * The only place an access token is believed: our signature by our one algorithm, made by us for us, in its time, its
 * session live and its account active. Signing out and disabling an account count at once. Null when anything is amiss.
 */
export async function verifyToken(needs: AccountsNeeds, accessToken: string): Promise<Caller | null> {
  try {
    const { payload } = await jwtVerify<{ sid?: unknown }>(accessToken, tokenKey(needs), {
      algorithms: ['HS256'],
      typ: 'at+jwt',
      audience: tokenAudience,
      issuer: needs.publicUrl,
      requiredClaims: ['sub', 'sid', 'exp', 'iat', 'jti'],
      currentDate: new Date(needs.clock.now().epochMilliseconds),
      clockTolerance: 5,
    })
    const { sub, sid } = payload
    if (sub === undefined || typeof sid !== 'string' || !uuid.test(sub) || !uuid.test(sid)) return null
    return (await liveCaller(needs.database, sid, sub)) ?? null
  } catch (error) {
    if (error instanceof errors.JOSEError) return null
    throw error
  }
}
