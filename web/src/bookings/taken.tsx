import type { Business, Service, Slot } from '@thabit/sdk'
import { When } from '../availability/when.tsx'
import { StepHeading } from '../interface/page-head.tsx'
import { Chevron } from '../interface/chevron.tsx'
import { useSpeech } from '../language/index.tsx'
import { addressOf } from './choice.ts'
import type { TimedChoice } from './confirm-step.tsx'

/** Someone was quicker: the nearest free times, one press away. */
export function Taken({ business, service, choice, slots }: { business: Business; service: Service; choice: TimedChoice; slots: Slot[] }) {
  const { words, to } = useSpeech()
  const zone = business.branches.find((one) => one.id === service.branchId)?.zone ?? business.zone
  const address = (slot: Slot) =>
    to(
      addressOf(business.slug, {
        ...choice,
        time: slot.startsAt,
        day: null,
        confirm: false,
        person: choice.person && slot.resourceIds.includes(choice.person) ? choice.person : 'any',
      }),
    )
  return (
    <div class="panel taken">
      <StepHeading>{words.takenTitle}</StepHeading>
      <p class="lead" role="alert">
        {slots.length > 0 ? words.takenText : words.takenNone}
      </p>
      <ul class="cards">
        {slots.map((slot) => (
          <li key={slot.startsAt}>
            <a class="card" href={address(slot)}>
              <span class="card-body">
                <When startsAt={slot.startsAt} endsAt={slot.endsAt} zone={zone} />
              </span>
              <Chevron />
            </a>
          </li>
        ))}
      </ul>
      <a class="button quiet" href={to(addressOf(business.slug, { ...choice, time: null, confirm: false }))}>
        {words.otherTimes}
      </a>
    </div>
  )
}
