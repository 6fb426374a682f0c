import { useEffect, useId, useRef, useState } from 'preact/hooks'
import type { Booking, Money } from '@thabit/sdk'
import { thabit } from '../accounts/session.ts'
import { Button } from '../interface/button.tsx'
import { keyed, keyOf } from '../interface/keyed-wish.ts'
import { Trouble } from '../interface/notice.tsx'
import { Skeleton } from '../interface/skeleton.tsx'
import { useLoad } from '../interface/use-load.ts'
import { useSpeech } from '../language/index.tsx'

type Props = { booking: Booking; onClose: () => void; onCancelled: (booking: Booking) => void }

/** Says what comes back and why before anything is pressed. */
export function CancelDialog({ booking, onClose, onCancelled }: Props) {
  const { words, format } = useSpeech()
  const dialog = useRef<HTMLDialogElement>(null)
  const title = useId()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const preview = useLoad(`cancel:${booking.id}:${booking.version}`, () => thabit.cancelPreview(booking.id))
  const wish = `cancel ${booking.id} ${booking.version}`
  useEffect(() => {
    dialog.current?.showModal()
    keyOf(wish)
  }, [])

  const cancel = async () => {
    setBusy(true)
    setError(null)
    try {
      onCancelled(await keyed(wish, (key) => thabit.cancel(key, booking.id)))
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  const declining = booking.awaits === 'approval' && booking.viewer !== 'customer'
  const paid = booking.payment?.status === 'paid'
  const refundLine = (refund: Money) => {
    const mine = booking.viewer === 'customer'
    if (refund.amountMinor > 0) return (mine ? words.refundYes : words.refundToCustomer)(format.money(refund))
    if (!mine) return words.nothingToReturn
    return paid ? words.refundNo : words.nothingPaid
  }
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={title} onClose={onClose}>
      <h2 id={title}>{declining ? words.declineTitle : words.cancelTitle}</h2>
      {preview.busy && <Skeleton rows={2} />}
      {preview.data && (
        <div class="refund">
          <p class="refund-amount">{refundLine(preview.data.refund)}</p>
          <p dir="auto">{format.text(preview.data.reason)}</p>
        </div>
      )}
      <Trouble error={preview.error} retry={preview.reload} />
      <Trouble error={error} />
      <div class="actions column-actions">
        {preview.data && (
          <Button kind="danger" busy={busy} onPress={() => void cancel()}>
            {declining ? words.declineConfirm : words.cancelConfirm}
          </Button>
        )}
        <Button kind="quiet" onPress={() => dialog.current?.close()}>
          {declining ? words.back : words.keep}
        </Button>
      </div>
    </dialog>
  )
}
