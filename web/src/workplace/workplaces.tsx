import type { MyBusiness } from '@thabit/sdk'
import { thabit } from '../accounts/session.ts'
import { Chevron } from '../interface/chevron.tsx'
import { Trouble } from '../interface/notice.tsx'
import { Skeleton } from '../interface/skeleton.tsx'
import { useLoad } from '../interface/use-load.ts'
import { useSpeech } from '../language/index.tsx'
import { workplaceWords } from './workplace-words.ts'

/** Where somebody with a role goes on from here: the operator's page, the businesses they work for. */
export function Workplaces({ operator, works }: { operator: boolean; works: boolean }) {
  const { language, to } = useSpeech()
  const words = workplaceWords[language]
  const mine = useLoad(works ? 'my-businesses' : null, () => thabit.myBusinesses())
  return (
    <>
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
      {mine.busy && <Skeleton rows={1} tall />}
      {mine.data?.items.map((business) => (
        <Workplace key={business.id} business={business} />
      ))}
    </>
  )
}

function Workplace({ business }: { business: MyBusiness }) {
  const { language, format, to } = useSpeech()
  const words = workplaceWords[language]
  const name = format.text(business.name)
  const pages = [
    { page: 'day', name: words.day },
    { page: 'unreached', name: words.unreached },
    ...(business.owner ? [{ page: 'messaging', name: words.messaging }] : []),
  ]
  return (
    <section class="panel" aria-label={name}>
      <p>
        <strong class="card-title" dir="auto">
          {name}
        </strong>
        <span class="faint"> · {business.owner ? words.owns : words.works}</span>
      </p>
      <nav class="actions" aria-label={words.pages}>
        {pages.map((one) => (
          <a key={one.page} class={`button ${one.page === 'day' ? 'primary' : 'quiet'}`} href={to(`/b/${business.slug}/${one.page}`)}>
            {one.name}
          </a>
        ))}
      </nav>
    </section>
  )
}
