import { useEffect, useState } from 'preact/hooks'
import type { Booking } from '@thabit/sdk'
import { thabit } from '../accounts/session.ts'
import { Button } from '../interface/button.tsx'
import { Countdown, useSecondsUntil } from '../interface/countdown.tsx'
import { keyOf } from '../interface/keyed-wish.ts'
import { Notice, Trouble } from '../interface/notice.tsx'
import { useSpeech } from '../language/index.tsx'
import { openGatewayPage, paymentWish, startPayment } from './start-payment.ts'

/** A held booking: the time left, and the way to the gateway's page. */
export function PayPanel({ booking, returned, onChange }: { booking: Booking; returned: boolean; onChange: () => void }) {
  const { words, format } = useSpeech()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const seconds = useSecondsUntil(booking.expiresAt, thabit.serverNow)
  const open = openGatewayPage(booking)
  const failed = booking.payment?.status === 'failed' || booking.payment?.status === 'expired'

  useEffect(() => void keyOf(paymentWish(booking)), [booking.payment?.id])
  // The back button can bring this page back as it was left, in the middle of leaving.
  useEffect(() => {
    const shown = (event: PageTransitionEvent) => {
      if (!event.persisted) return
      setBusy(false)
      onChange()
    }
    addEventListener('pageshow', shown)
    return () => removeEventListener('pageshow', shown)
  }, [onChange])
  useEffect(() => {
    if (seconds > 0) return undefined
    const soon = setTimeout(onChange, 1500)
    return () => clearTimeout(soon)
  }, [seconds === 0, onChange])

  const pay = async () => {
    setError(null)
    setBusy(true)
    try {
      const address = open ?? (await startPayment(booking)).redirectUrl
      if (address) return location.assign(address)
      // Started, but its page is not known (yet): the booking tells how it stands.
      setBusy(false)
      onChange()
    } catch (failure) {
      setError(failure)
      setBusy(false)
      onChange()
    }
  }
  const amount = format.money(booking.amountDue)
  return (
    <section class="panel pay" aria-label={words.timeLeft}>
      <Countdown seconds={seconds} label={words.timeLeft} />
      {failed && !error && (
        <Notice tone="bad" title={words.payFailedTitle}>
          <p>{words.payFailedText}</p>
        </Notice>
      )}
      {!failed && returned && open && (
        <Notice tone="warning">
          <p>{words.payNotDone}</p>
        </Notice>
      )}
      <Trouble error={error} />
      <Button busy={busy} onPress={() => void pay()}>
        {busy ? words.toGateway : open ? words.continuePayment : failed ? words.payAgain(amount) : words.pay(amount)}
      </Button>
      <p class="hint">{words.paySafe}</p>
    </section>
  )
}
