import { useEffect, useState } from 'preact/hooks'
import { ProblemError } from '@thabit/sdk'
import { Button } from '../interface/button.tsx'
import { clock, useSecondsUntil } from '../interface/countdown.tsx'
import { Field } from '../interface/field.tsx'
import { Notice, Trouble, troubleText } from '../interface/notice.tsx'
import { StepHeading } from '../interface/page-head.tsx'
import { asciiDigits } from '../language/digits.ts'
import { useSpeech } from '../language/index.tsx'
import { requestCode, type Challenge } from './challenge.ts'
import { signIn, thabit } from './session.ts'
import { readCodeFromMessage } from './read-code-from-message.ts'

const codeLength = 6

type Props = {
  challenge: Challenge
  name: string | null
  onSent: (challenge: Challenge) => void
  onOtherPhone: () => void
  onDone: () => void
}

export function CodeStep({ challenge, name, onSent, onOtherPhone, onDone }: Props) {
  const { words, language } = useSpeech()
  const [code, setCode] = useState('')
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const waitSeconds = useSecondsUntil(challenge.resendAt, thabit.serverNow)

  const verify = async (typed: string) => {
    if (busy) return
    setError(null)
    setWrong(typed.length !== codeLength)
    if (typed.length !== codeLength) return
    setBusy(true)
    try {
      await signIn(challenge.challengeId, typed, name)
      onDone()
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  const type = (text: string) => {
    const digits = asciiDigits(text).replace(/\D/g, '').slice(0, codeLength)
    setCode(digits)
    setWrong(false)
    // The last digit sends it; a corrected code is sent by the button.
    if (digits.length === codeLength && code.length < codeLength && !error) void verify(digits)
  }
  const resend = async () => {
    setError(null)
    try {
      onSent(await requestCode(challenge.phone, language))
      setCode('')
    } catch (failure) {
      setError(failure)
    }
  }
  useEffect(() => readCodeFromMessage(type), [challenge.challengeId])

  const blamesField = error instanceof ProblemError && error.code === 'code_invalid'
  return (
    <form
      class="panel"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void verify(code)
      }}
    >
      <StepHeading>{words.codeTitle}</StepHeading>
      <p class="lead">
        {words.codeLead} <bdi dir="ltr">{challenge.phone}</bdi>{' '}
        <button type="button" class="link" onClick={onOtherPhone}>
          {words.otherPhone}
        </button>
      </p>
      {challenge.doubtful && (
        <Notice tone="warning">
          <p>{words.codeMayCome}</p>
        </Notice>
      )}
      <Field
        label={words.codeLabel}
        value={code}
        onValue={type}
        error={wrong ? words.codeWrong : blamesField ? troubleText(error, words) : null}
        type="text"
        inputMode="numeric"
        autocomplete="one-time-code"
        name="code"
        dir="ltr"
        maxLength={24}
        enterkeyhint="go"
        class="code"
      />
      {!blamesField && <Trouble error={error} />}
      <Button type="submit" busy={busy}>
        {words.verify}
      </Button>
      <p class="resend">
        {waitSeconds > 0 ? (
          <span class="faint">{words.resendIn(clock(waitSeconds))}</span>
        ) : (
          <button type="button" class="link" onClick={() => void resend()}>
            {words.resend}
          </button>
        )}
      </p>
    </form>
  )
}
