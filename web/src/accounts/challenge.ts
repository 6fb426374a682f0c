import { ProblemError } from '@thabit/sdk'
import { forget, recall, remember } from '../interface/memory.ts'
import { thabit } from './session.ts'
import { solveRiddle } from './solve-riddle.ts'

/** A code that was asked for. `doubtful` when its delivery is not known; the code is valid all the same. */
export type Challenge = { challengeId: string; phone: string; expiresAt: string; resendAt: string; doubtful: boolean }

export function recallChallenge(): Challenge | null {
  const kept = recall<Challenge>('sessionStorage', 'challenge')
  return kept && Date.parse(kept.expiresAt) > thabit.serverNow() ? kept : null
}

export function forgetChallenge(): void {
  forget('sessionStorage', 'challenge')
}

export async function requestCode(phone: string, locale: 'ar' | 'en'): Promise<Challenge> {
  let challenge: Challenge
  try {
    challenge = { ...(await askForCode({ phone, locale })), phone, doubtful: false }
  } catch (error) {
    const late = lateDelivery(error)
    if (!late) throw error
    challenge = { ...late, phone, doubtful: true }
  }
  remember('sessionStorage', 'challenge', challenge)
  return challenge
}

type Wish = Parameters<typeof thabit.requestCode>[0]

/** Asks, and where the server wants a riddle solved first, solves it and asks again: the person only waits a moment longer. */
async function askForCode(wish: Wish, again = 2): ReturnType<typeof thabit.requestCode> {
  try {
    return await thabit.requestCode(wish)
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== 'code_proof_required' || again === 0) throw error
    const proof = await solveRiddle({ challenge: String(error.extra['challenge']), difficulty: Number(error.extra['difficulty']) })
    if (!proof) throw error
    return askForCode({ ...wish, proof }, again - 1)
  }
}

function lateDelivery(error: unknown): Pick<Challenge, 'challengeId' | 'expiresAt' | 'resendAt'> | null {
  if (!(error instanceof ProblemError) || error.code !== 'code_delivery_unknown') return null
  const { challengeId, expiresAt, resendAt } = error.extra
  return { challengeId: String(challengeId), expiresAt: String(expiresAt), resendAt: String(resendAt) }
}
