import { useEffect, useState } from 'preact/hooks'
import { createThabit, ProblemError } from '@thabit/sdk'
import { languageOf } from '../language/language-of.ts'
import { forget, recall, remember } from '../interface/memory.ts'

/** `unknown` while the cookie is being asked; `lost` when that could not be found out. */
export type SessionState = 'unknown' | 'signed-in' | 'signed-out' | 'lost'

let state: SessionState = 'unknown'
const listeners = new Set<(state: SessionState) => void>()

export const thabit = createThabit({
  baseUrl: '',
  language: () => languageOf(location.pathname),
  onSessionEnded: () => {
    forget('localStorage', 'signedIn')
    become('signed-out')
  },
})

/** Renews the session from its cookie. Someone who never signed in on this device is not asked about. */
export async function resume(): Promise<void> {
  if (thabit.signedIn()) return become('signed-in')
  if (recall('localStorage', 'signedIn') === null) return become('signed-out')
  become('unknown')
  try {
    await thabit.refresh()
    become('signed-in')
  } catch (error) {
    if (!(error instanceof ProblemError && error.status === 401)) become('lost')
  }
}

export async function signIn(challengeId: string, code: string, name: string | null): Promise<void> {
  await thabit.signIn({ challengeId, code, ...(name ? { name } : {}) })
  // Only that there is a session: the token itself is never written down.
  remember('localStorage', 'signedIn', true)
  become('signed-in')
}

export async function signOut(): Promise<void> {
  try {
    await thabit.signOut()
  } catch (error) {
    if (!(error instanceof ProblemError && error.status === 401)) throw error
  }
  forget('localStorage', 'signedIn')
  forget('localStorage', 'intended')
  forget('localStorage', 'keys')
  become('signed-out')
}

export function useSession(): SessionState {
  const [seen, setSeen] = useState(state)
  useEffect(() => {
    setSeen(state)
    listeners.add(setSeen)
    return () => {
      listeners.delete(setSeen)
    }
  }, [])
  return seen
}

function become(next: SessionState): void {
  state = next
  for (const tell of listeners) tell(next)
}
