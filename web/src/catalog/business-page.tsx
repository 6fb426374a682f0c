import { useLocation, useRoute } from 'preact-iso'
import type { Business, Service } from '@thabit/sdk'
import { ProblemError } from '@thabit/sdk'
import { thabit, useSession } from '../accounts/session.ts'
import { BookingSteps } from '../bookings/booking-steps.tsx'
import { readChoice } from '../bookings/choice.ts'
import { NotFound } from '../interface/not-found.tsx'
import { Trouble } from '../interface/notice.tsx'
import { useTitle } from '../interface/page-head.tsx'
import { Skeleton } from '../interface/skeleton.tsx'
import { useLoad } from '../interface/use-load.ts'
import { useSpeech } from '../language/index.tsx'
import { BusinessHead } from './business-head.tsx'
import { Policy } from './policy.tsx'
import { ServiceList } from './service-list.tsx'

/** One business: its services, and from the chosen service on the steps of booking. All choices are in the address. */
export function BusinessPage() {
  const { params } = useRoute()
  const slug = params['slug'] ?? ''
  const { query } = useLocation()
  const { words, format } = useSpeech()
  const business = useLoad(`business:${slug}`, () => thabit.business(slug))
  const services = useLoad(`services:${slug}`, () => thabit.services(slug))
  useTitle(business.data ? format.text(business.data.name) : words.brand)

  if (business.error instanceof ProblemError && business.error.status === 404) return <NotFound />
  const choice = readChoice(query)
  const service = services.data?.items.find((one) => one.id === choice.service) ?? null
  return (
    <>
      <BusinessHead business={business.data} small={choice.service !== null} />
      <div class="column">
        <Trouble error={business.error ?? services.error} retry={() => (business.error ? business.reload() : services.reload())} />
        {(business.busy || services.busy) && <Skeleton rows={4} tall />}
        {business.data && services.data && <Content business={business.data} services={services.data.items} service={service} />}
      </div>
    </>
  )
}

function Content({ business, services, service }: { business: Business; services: Service[]; service: Service | null }) {
  const { words, format } = useSpeech()
  if (service) return <BookingSteps business={business} service={service} />
  return (
    <>
      <WorkLink business={business} />
      <ServiceList slug={business.slug} services={services} />
      <section class="panel quiet">
        <h2>{words.about}</h2>
        <p dir="auto">{format.text(business.description)}</p>
        <h3>{words.branches}</h3>
        <ul class="plain">
          {business.branches.map((branch) => (
            <li key={branch.id}>
              <bdi>{format.text(branch.name)}</bdi>
              <span class="faint block" dir="auto">
                {format.text(branch.address)}
              </span>
            </li>
          ))}
        </ul>
        <Policy business={business} />
      </section>
    </>
  )
}

/** For those who work here: their day, and whom to call. Nobody else sees it. */
function WorkLink({ business }: { business: Business }) {
  const { words, to } = useSpeech()
  const session = useSession()
  const me = useLoad(session === 'signed-in' ? 'me' : null, () => thabit.me())
  const here = me.data?.roles.filter(({ businessId }) => businessId === business.id) ?? []
  if (here.length === 0) return null
  return (
    <div class="actions">
      <a class="button primary" href={to(`/b/${business.slug}/day`)}>
        {words.dayLink}
      </a>
      <a class="button quiet" href={to(`/b/${business.slug}/unreached`)}>
        {words.unreachedLink}
      </a>
      {here.some(({ role }) => role === 'owner') && (
        <a class="button quiet" href={to(`/b/${business.slug}/messaging`)}>
          {words.messagingLink}
        </a>
      )}
    </div>
  )
}
