import type { Service } from '@thabit/sdk'
import { addressOf, emptyChoice } from '../bookings/choice.ts'
import { Chevron } from '../interface/chevron.tsx'
import { useSpeech } from '../language/index.tsx'
import { Price } from './price.tsx'
import { Terms } from './terms.tsx'

export function ServiceList({ slug, services }: { slug: string; services: Service[] }) {
  const { words, format, to } = useSpeech()
  if (services.length === 0) return <p class="empty">{words.nothingYet}</p>
  return (
    <section aria-labelledby="services">
      <h2 id="services">{words.chooseService}</h2>
      <ul class="cards">
        {services.map((service) => (
          <li key={service.id}>
            <a class="card" href={to(addressOf(slug, { ...emptyChoice, service: service.id }))}>
              <span class="card-body">
                <strong class="card-title" dir="auto">
                  {format.text(service.name)}
                </strong>
                <span class="faint" dir="auto">
                  {format.text(service.description)}
                </span>
                <span class="card-facts">
                  <span class="fact">{format.length(service.durationMinutes)}</span>
                  <Price service={service} />
                </span>
                <Terms terms={service.paymentTerms} />
              </span>
              <Chevron />
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}
