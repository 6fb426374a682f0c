import { useLocation } from 'preact-iso'
import type { Business, Service } from '@thabit/sdk'
import { SlotPicker } from '../availability/slot-picker.tsx'
import { StepHeading } from '../interface/page-head.tsx'
import { useSpeech } from '../language/index.tsx'
import { addressOf, readChoice } from './choice.ts'
import { Chosen } from './chosen.tsx'
import { ConfirmStep } from './confirm-step.tsx'
import { PersonStep } from './person-step.tsx'

/** From the chosen service to the booking: person, time, check and confirm; the address says which step it is. */
export function BookingSteps({ business, service }: { business: Business; service: Service }) {
  const { query } = useLocation()
  const { words, to } = useSpeech()
  const choice = readChoice(query)
  const hasPersons = service.resources.length > 1
  const person = hasPersons ? choice.person : 'any'
  const branch = business.branches.find((one) => one.id === service.branchId) ?? business.branches[0]
  const zone = branch?.zone ?? business.zone
  const step = person === null ? 1 : choice.time === null ? 2 : 3
  const count = (now: number) => words.stepOf(hasPersons ? now : now - 1, hasPersons ? 3 : 2)

  return (
    <div class="step" key={step}>
      <Chosen business={business} service={service} choice={choice} zone={zone} />
      {step === 1 && <PersonStep business={business} service={service} choice={choice} step={count(1)} />}
      {step === 2 && (
        <>
          <StepHeading step={count(2)}>{words.chooseTime}</StepHeading>
          <SlotPicker
            slug={business.slug}
            serviceId={service.id}
            branchId={service.branchId}
            resourceId={person === 'any' ? null : person}
            zone={zone}
            day={choice.day}
            dayAddress={(day) => to(addressOf(business.slug, { ...choice, day }))}
            timeAddress={(slot) => to(addressOf(business.slug, { ...choice, time: slot.startsAt }))}
          />
        </>
      )}
      {step === 3 && choice.time && (
        <ConfirmStep
          key={choice.time}
          business={business}
          service={service}
          choice={{ ...choice, person, time: choice.time }}
          step={count(3)}
        />
      )}
    </div>
  )
}
