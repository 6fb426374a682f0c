import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { NoAnswerError, ProblemError, type Business, type Service, type Slot } from '@thabit/sdk'
import { WithSession } from '../accounts/sign-in.tsx'
import { Trouble } from '../interface/notice.tsx'
import { StepHeading } from '../interface/page-head.tsx'
import { isCertain, keyOf } from '../interface/keyed-wish.ts'
import { useSpeech } from '../language/index.tsx'
import { addressOf, type Choice } from './choice.ts'
import { bookIntended, intend, intendedBooking, wishFor } from './intended-booking.ts'
import { recallDraft, Summary } from './summary.tsx'
import { Taken } from './taken.tsx'

export type TimedChoice = Choice & { time: string }

/** Check, then the phone if it is not known yet, then the booking itself, which goes on without another press. */
export function ConfirmStep({
  business,
  service,
  choice,
  step,
}: {
  business: Business
  service: Service
  choice: TimedChoice
  step: string
}) {
  const { words, to } = useSpeech()
  const { route } = useLocation()
  const [refused, setRefused] = useState<ProblemError | null>(null)
  const resourceId = choice.person && choice.person !== 'any' ? choice.person : undefined
  const wanted = {
    businessSlug: business.slug,
    serviceId: service.id,
    startsAt: choice.time,
    branchId: service.branchId,
    ...(resourceId ? { resourceId } : {}),
  }
  const wish = wishFor(wanted)
  useEffect(() => void keyOf(wish), [wish])

  if (refused && alternativesOf(refused)) {
    return <Taken business={business} service={service} choice={choice} slots={alternativesOf(refused) ?? []} />
  }
  // Only a press writes the wish down: an address alone, however it came here, never books anything.
  if (!choice.confirm || !intendedBooking(wish)) {
    return (
      <>
        <Summary
          service={service}
          step={step}
          onConfirm={({ name, note }) => {
            intend(wish, { ...wanted, ...(name ? { attendeeName: name } : {}), ...(note ? { note } : {}) })
            setRefused(null)
            route(to(addressOf(business.slug, { ...choice, confirm: true })))
          }}
        />
        <Trouble error={refused} />
      </>
    )
  }
  return (
    <WithSession lead={words.phoneLead} name={recallDraft().name || null}>
      <BookNow
        wish={wish}
        onRefused={(problem) => {
          setRefused(problem)
          route(to(addressOf(business.slug, { ...choice, confirm: false })), true)
        }}
      />
    </WithSession>
  )
}

function BookNow({ wish, onRefused }: { wish: string; onRefused: (problem: ProblemError) => void }) {
  const { words, to } = useSpeech()
  const { route } = useLocation()
  const [error, setError] = useState<unknown>(null)
  const asking = useRef(false)

  const ask = useCallback(async () => {
    if (asking.current) return
    asking.current = true
    setError(null)
    try {
      const { booking, again } = await bookIntended(wish)
      route(to(`/bookings/${booking.id}${again ? '?again=1' : ''}`), true)
    } catch (failure) {
      if (failure instanceof ProblemError && isCertain(failure)) onRefused(failure)
      else setError(failure)
    } finally {
      asking.current = false
    }
  }, [wish])
  useEffect(() => void ask(), [ask])
  useEffect(() => {
    if (!(error instanceof NoAnswerError)) return undefined
    const again = () => void ask()
    addEventListener('online', again)
    return () => removeEventListener('online', again)
  }, [error, ask])

  return (
    <div class="panel">
      <StepHeading>{words.booking}</StepHeading>
      {error ? <Trouble error={error} retry={() => void ask()} /> : <div class="bone" aria-hidden="true" />}
    </div>
  )
}

function alternativesOf(problem: ProblemError): Slot[] | null {
  const { alternatives } = problem.extra
  if (problem.code !== 'slot_taken' && problem.code !== 'slot_not_offered') return null
  return Array.isArray(alternatives) ? (alternatives as Slot[]) : []
}
