import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { thabit } from '../accounts/session.ts'
import { Button } from '../interface/button.tsx'
import { keyed, keyOf } from '../interface/keyed-wish.ts'
import { Trouble } from '../interface/notice.tsx'
import { useSpeech } from '../language/index.tsx'

/** That the customer did not come: asked once more before it is noted, since it keeps the money. */
export function NoShowButton({ bookingId, onNoted }: { bookingId: string; onNoted: () => void }) {
  const { words } = useSpeech()
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button kind="danger" onPress={() => setAsking(true)}>
        {words.money.noShow}
      </Button>
      {asking && (
        <Question
          bookingId={bookingId}
          onClose={() => setAsking(false)}
          onNoted={() => {
            setAsking(false)
            onNoted()
          }}
        />
      )}
    </>
  )
}

function Question({ bookingId, onClose, onNoted }: { bookingId: string; onClose: () => void; onNoted: () => void }) {
  const { words } = useSpeech()
  const dialog = useRef<HTMLDialogElement>(null)
  const title = useId()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const wish = `no-show ${bookingId}`
  useEffect(() => {
    dialog.current?.showModal()
    keyOf(wish)
  }, [])
  const note = async () => {
    setBusy(true)
    setError(null)
    try {
      await keyed(wish, (key) => thabit.markNoShow(key, bookingId))
      onNoted()
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={title} onClose={onClose}>
      <h2 id={title}>{words.money.noShowTitle}</h2>
      <p>{words.money.noShowText}</p>
      <Trouble error={error} />
      <div class="actions column-actions">
        <Button kind="danger" busy={busy} onPress={() => void note()}>
          {words.money.noShowConfirm}
        </Button>
        <Button kind="quiet" onPress={() => dialog.current?.close()}>
          {words.back}
        </Button>
      </div>
    </dialog>
  )
}
