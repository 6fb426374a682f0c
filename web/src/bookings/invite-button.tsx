import { useState } from 'preact/hooks'
import type { Booking } from '@thabit/sdk'
import { thabit } from '../accounts/session.ts'
import { Button } from '../interface/button.tsx'
import { keyed } from '../interface/keyed-wish.ts'
import { Trouble } from '../interface/notice.tsx'
import { useSpeech } from '../language/index.tsx'

/** After a visit: asks its customer to come again, or says why that cannot be. */
export function InviteButton({ booking, onInvited }: { booking: Booking; onInvited: (booking: Booking) => void }) {
  const { words } = useSpeech()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const invited = booking.notifications.some(({ kind }) => kind === 'visit-again')
  if (!booking.allowed.inviteAgain) return <p class="hint message">{invited ? words.invited : words.notInvitable}</p>
  const invite = async () => {
    setBusy(true)
    setError(null)
    try {
      onInvited(await keyed(`invite ${booking.id}`, (key) => thabit.inviteAgain(key, booking.id)))
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  return (
    <>
      <Button busy={busy} onPress={() => void invite()}>
        {words.inviteAgain}
      </Button>
      <Trouble error={error} />
    </>
  )
}
