import { ProblemError } from '@thabit/sdk'
import { forget, recall, remember } from '../interface/memory.ts'
import { thabit } from './session.ts'

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
    challenge = { ...(await thabit.requestCode({ phone, locale })), phone, doubtful: false }
  } catch (error) {
    const late = lateDelivery(error)
    if (!late) throw error
    challenge = { ...late, phone, doubtful: true }
  }
  remember('sessionStorage', 'challenge', challenge)
  return challenge
}

function lateDelivery(error: unknown): Pick<Challenge, 'challengeId' | 'expiresAt' | 'resendAt'> | null {
  if (!(error instanceof ProblemError) || error.code !== 'code_delivery_unknown') return null
  const { challengeId, expiresAt, resendAt } = error.extra
  return { challengeId: String(challengeId), expiresAt: String(expiresAt), resendAt: String(resendAt) }
}
