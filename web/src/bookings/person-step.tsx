import type { Business, Service } from '@thabit/sdk'
import { Emblem } from '../catalog/emblem.tsx'
import { StepHeading } from '../interface/page-head.tsx'
import { Chevron } from '../interface/chevron.tsx'
import { useSpeech } from '../language/index.tsx'
import { addressOf, type Choice } from './choice.ts'
import { anyOf } from './chosen.tsx'

export function PersonStep({ business, service, choice, step }: { business: Business; service: Service; choice: Choice; step: string }) {
  const { words, format, to } = useSpeech()
  const address = (person: string) => to(addressOf(business.slug, { ...choice, person }))
  const people = service.resources.every((one) => one.kind === 'staff')
  return (
    <>
      <StepHeading step={step}>{people ? words.choosePerson : words.chooseResource}</StepHeading>
      <ul class="cards people">
        <li>
          <a class="card" href={address('any')}>
            <span class="emblem any" aria-hidden="true" />
            <span class="card-body">
              <strong class="card-title">{anyOf(service, words)}</strong>
              <span class="faint">{words.anyoneHint}</span>
            </span>
            <Chevron />
          </a>
        </li>
        {service.resources.map((resource) => (
          <li key={resource.id}>
            <a class="card" href={address(resource.id)}>
              <Emblem name={people ? format.text(resource.name) : lastWord(format.text(resource.name))} tint={resource.id} />
              <span class="card-body">
                <strong class="card-title" dir="auto">
                  {format.text(resource.name)}
                </strong>
              </span>
              <Chevron />
            </a>
          </li>
        ))}
      </ul>
    </>
  )
}

/** Places share their first word; their number or own name comes last. */
function lastWord(name: string): string {
  return name.split(' ').at(-1) ?? name
}
