import type { Business, Service } from '@thabit/sdk'
import { When } from '../availability/when.tsx'
import { Price } from '../catalog/price.tsx'
import { Terms } from '../catalog/terms.tsx'
import { useSpeech } from '../language/index.tsx'
import { addressOf, emptyChoice, type Choice } from './choice.ts'

/** What is chosen so far, each with the way to change it. */
export function Chosen({ business, service, choice, zone }: { business: Business; service: Service; choice: Choice; zone: string }) {
  const { words, format, to } = useSpeech()
  const person = service.resources.find((one) => one.id === choice.person)
  const address = (change: Partial<Choice>) => to(addressOf(business.slug, { ...choice, confirm: false, ...change }))
  const change = (href: string, what: string) => (
    <a class="link" href={href} aria-label={`${words.change}: ${what}`}>
      {words.change}
    </a>
  )
  return (
    <dl class="chosen" aria-label={words.yourChoices}>
      <div>
        <dt>{words.service}</dt>
        <dd>
          <span>
            <bdi>{format.text(service.name)}</bdi>
            <span class="faint block small">
              {format.length(service.durationMinutes)} · <Price service={service} />
            </span>
            <Terms terms={service.paymentTerms} />
          </span>
          {change(address(emptyChoice), words.service)}
        </dd>
      </div>
      {service.resources.length > 1 && choice.person && (
        <div>
          <dt>{words.resource[service.resources[0]?.kind ?? ''] ?? words.person}</dt>
          <dd>
            <bdi>{person ? format.text(person.name) : anyOf(service, words)}</bdi>
            {change(address({ person: null, time: null }), words.person)}
          </dd>
        </div>
      )}
      {choice.time && (
        <div>
          <dt>{words.when}</dt>
          <dd>
            <When startsAt={choice.time} zone={zone} />
            {change(address({ time: null }), words.when)}
          </dd>
        </div>
      )}
    </dl>
  )
}

/** People are asked for as "anyone", places as "any". */
export function anyOf(service: Service, words: { anyone: string; anyResource: string }): string {
  return service.resources.every((one) => one.kind === 'staff') ? words.anyone : words.anyResource
}
