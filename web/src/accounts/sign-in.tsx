import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Trouble } from '../interface/notice.tsx'
import { Skeleton } from '../interface/skeleton.tsx'
import { forgetChallenge, recallChallenge, type Challenge } from './challenge.ts'
import { CodeStep } from './code-step.tsx'
import { PhoneStep } from './phone-step.tsx'
import { resume, useSession } from './session.ts'
import { NoAnswerError } from '@thabit/sdk'

/** A phone and its code. A reload in between comes back to the code. */
export function SignIn({ lead, name = null }: { lead: string; name?: string | null }) {
  const [challenge, setChallenge] = useState<Challenge | null>(recallChallenge)
  const [phone, setPhone] = useState(challenge?.phone ?? '')
  if (!challenge) return <PhoneStep lead={lead} phone={phone} onPhone={setPhone} onSent={setChallenge} />
  return (
    <CodeStep
      challenge={challenge}
      name={name}
      onSent={setChallenge}
      onDone={forgetChallenge}
      onOtherPhone={() => {
        forgetChallenge()
        setChallenge(null)
      }}
    />
  )
}

/** Shows what needs a session once there is one; asks for the phone where there is none. */
export function WithSession({ lead, children, name }: { lead: string; children: ComponentChildren; name?: string | null }) {
  const session = useSession()
  useEffect(() => {
    if (session === 'lost') {
      const again = () => void resume()
      addEventListener('online', again)
      return () => removeEventListener('online', again)
    }
    return undefined
  }, [session])
  if (session === 'unknown') return <Skeleton rows={3} />
  if (session === 'lost') return <Trouble error={new NoAnswerError('unreachable')} retry={() => void resume()} />
  if (session === 'signed-out') return <SignIn lead={lead} name={name ?? null} />
  return <>{children}</>
}
