import type { Business } from '@thabit/sdk'
import { useSpeech } from '../language/index.tsx'

export function Policy({ business }: { business: Business }) {
  const { words } = useSpeech()
  const steps = [...business.policy.cancellation].sort((a, b) => b.hoursBefore - a.hoursBefore)
  // Past the last named hour nothing is returned, and that is said too.
  const last = steps.at(-1)
  const whole = last && last.hoursBefore > 0 ? [...steps, { hoursBefore: 0, refundPercent: 0 }] : steps
  return (
    <>
      <h3>{words.policyTitle}</h3>
      {whole.length === 0 ? (
        <p>{words.policyNone}</p>
      ) : (
        <ul class="dots">
          {whole.map((step) => (
            <li key={step.hoursBefore}>{words.policyStep(step.hoursBefore, step.refundPercent)}</li>
          ))}
        </ul>
      )}
      <p>{words.reschedulePolicy(business.policy.reschedule.free, business.policy.reschedule.hoursBefore)}</p>
    </>
  )
}
