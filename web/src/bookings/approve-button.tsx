import { useState } from 'preact/hooks'
import type { Booking } from '@thabit/sdk'
import { thabit } from '../accounts/session.ts'
import { Button } from '../interface/button.tsx'
import { keyed } from '../interface/keyed-wish.ts'
import { Trouble } from '../interface/notice.tsx'
import { useSpeech } from '../language/index.tsx'

/** The business's yes. */
export function ApproveButton({ bookingId, onApproved }: { bookingId: string; onApproved: (booking: Booking) => void }) {
  const { words } = useSpeech()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const approve = async () => {
    setBusy(true)
    setError(null)
    try {
      onApproved(await keyed(`approve ${bookingId}`, (key) => thabit.approve(key, bookingId)))
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Button busy={busy} onPress={() => void approve()}>
        {words.approve}
      </Button>
      <Trouble error={error} />
    </>
  )
}
