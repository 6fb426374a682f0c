import { useState } from 'preact/hooks'
import { ProblemError } from '@thabit/sdk'
import { Button } from '../interface/button.tsx'
import { Field } from '../interface/field.tsx'
import { Trouble, troubleText } from '../interface/notice.tsx'
import { StepHeading } from '../interface/page-head.tsx'
import { asciiDigits } from '../language/digits.ts'
import { useSpeech } from '../language/index.tsx'
import { requestCode, type Challenge } from './challenge.ts'

const aboutThePhone = new Set(['phone_invalid', 'phone_country_not_allowed', 'code_refused'])

export function PhoneStep(props: {
  lead: string
  phone: string
  onPhone: (phone: string) => void
  onSent: (challenge: Challenge) => void
}) {
  const { words, language } = useSpeech()
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState(false)
  const [error, setError] = useState<unknown>(null)

  const send = async () => {
    // The full rules of telephone numbers live in the server; here only what is plainly not one is stopped.
    const phone = asciiDigits(props.phone).replace(/[\s().-]/g, '')
    setError(null)
    setWrong(!/^(\+|00)?\d{8,15}$/.test(phone))
    if (busy || !/^(\+|00)?\d{8,15}$/.test(phone)) return
    setBusy(true)
    try {
      props.onSent(await requestCode(phone, language))
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }

  const blamesField = error instanceof ProblemError && aboutThePhone.has(error.code)
  return (
    <form
      class="panel"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <StepHeading>{words.phoneTitle}</StepHeading>
      <p class="lead">{props.lead}</p>
      <Field
        label={words.phoneLabel}
        hint={words.phoneHint}
        value={props.phone}
        onValue={(value) => props.onPhone(asciiDigits(value))}
        error={wrong ? words.phoneWrong : blamesField ? troubleText(error, words) : null}
        type="tel"
        inputMode="tel"
        autocomplete="tel"
        name="phone"
        dir="ltr"
        maxLength={24}
        enterkeyhint="send"
        class="wide-digits"
      />
      {!blamesField && <Trouble error={error} />}
      <Button type="submit" busy={busy}>
        {words.sendCode}
      </Button>
    </form>
  )
}
