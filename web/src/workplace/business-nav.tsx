import { thabit } from '../accounts/session.ts'
import { useLoad } from '../interface/use-load.ts'
import { useSpeech } from '../language/index.tsx'
import { workplaceWords } from './workplace-words.ts'

type Page = 'day' | 'unreached' | 'messaging'

/** From each page of a business to the others; its staff do not choose how customers are told. */
export function BusinessNav({ slug, here }: { slug: string; here: Page }) {
  const { language, format, to } = useSpeech()
  const words = workplaceWords[language]
  const mine = useLoad('my-businesses', () => thabit.myBusinesses())
  const business = mine.data?.items.find((one) => one.slug === slug)
  // The operator works for none of them.
  const looked = useLoad(mine.data && !business ? `business:${slug}` : null, () => thabit.business(slug))
  const name = business?.name ?? looked.data?.name
  const pages: Page[] = business?.owner === false ? ['day', 'unreached'] : ['day', 'unreached', 'messaging']
  return (
    <div>
      <p class="business-name" dir="auto">
        {name ? format.text(name) : '\u00a0'}
      </p>
      <nav class="tabs" aria-label={words.pages}>
        {pages.map((page) => (
          <a key={page} href={to(`/b/${slug}/${page}`)} aria-current={page === here ? 'page' : undefined}>
            {words.tabs[page]}
          </a>
        ))}
      </nav>
    </div>
  )
}
