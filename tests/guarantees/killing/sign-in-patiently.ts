import { codeFor } from '../../support/product.ts'
import type { Person } from './lane.ts'
import { type Answer, insist } from './patience.ts'
import type { World } from './world.ts'

/** Asks for a code, and for another when the one that came was used up by a server that died before it answered. Returns the login, its cookie and the code. */
export async function signInPatiently(
  world: World,
  phone: string,
): Promise<{ person: Person; cookie: string; used: { challengeId: string; code: string } }> {
  for (let tries = 0; tries < 4; tries++) {
    const asked = await insist<{ challengeId: string }>(world, null, {
      method: 'POST',
      path: '/v1/auth/codes',
      body: { phone, locale: 'ar' },
    })
    const used = { challengeId: asked.body.challengeId, code: await codeFor(world.simulatorsUrl, phone) }
    const answer: Answer<{ accessToken: string }> = await insist(world, null, { method: 'POST', path: '/v1/auth/sessions', body: used })
    if (answer.status === 201) return { person: { phone, accessToken: answer.body.accessToken }, cookie: answer.cookie, used }
  }
  throw new Error('Four codes did not sign anyone in.')
}
