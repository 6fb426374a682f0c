import type { MyBusiness } from '@thabit/sdk'
import { thabit } from '../accounts/session.ts'
import { Chevron } from '../interface/chevron.tsx'
import { Trouble } from '../interface/notice.tsx'
import { Skeleton } from '../interface/skeleton.tsx'
import { useLoad } from '../interface/use-load.ts'
import { useSpeech } from '../language/index.tsx'
import { workplaceWords } from './workplace-words.ts'

/** Where somebody with a role goes on from here: the business they work for, the operator's page. */
export function Workplaces({ operator }: { operator: boolean }) {
  const { language, to } = useSpeech()
  const words = workplaceWords[language]
  const mine = useLoad('my-businesses', () => thabit.myBusinesses())
  return (
    <section class="panel" aria-label={operator ? words.operator : words.mine}>
      {operator && (
        <a class="card" href={to('/ops')}>
          <span class="card-body">
            <strong class="card-title">{words.operator}</strong>
            <span class="faint">{words.operatorLead}</span>
          </span>
          <Chevron />
        </a>
      )}
      <Trouble error={mine.error} retry={mine.reload} />
      {mine.busy && <Skeleton rows={2} />}
      {mine.data?.items.map((business) => (
        <Workplace key={business.id} business={business} />
      ))}
    </section>
  )
}

function Workplace({ business }: { business: MyBusiness }) {
  const { language, format, to } = useSpeech()
  const words = workplaceWords[language]
  const pages = [
    { page: 'day', name: words.day },
    { page: 'unreached', name: words.unreached },
    ...(business.owner ? [{ page: 'messaging', name: words.messaging }] : []),
  ]
  return (
    <div class="stacked">
      <p>
        <strong class="card-title" dir="auto">
          {format.text(business.name)}
        </strong>{' '}
        <span class="faint">{business.owner ? words.owns : words.works}</span>
      </p>
      <nav class="actions" aria-label={format.text(business.name)}>
        {pages.map(({ page, name }) => (
          <a key={page} class={`button ${page === 'day' ? 'primary' : 'quiet'}`} href={to(`/b/${business.slug}/${page}`)}>
            {name}
          </a>
        ))}
      </nav>
    </div>
  )
}
