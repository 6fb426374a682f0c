import { useEffect, useState } from 'preact/hooks'
import { thabit } from '../accounts/session.ts'
import { Field } from '../interface/field.tsx'
import { Lattice } from '../interface/mark.tsx'
import { More } from '../interface/more.tsx'
import { Trouble } from '../interface/notice.tsx'
import { useTitle } from '../interface/page-head.tsx'
import { Skeleton } from '../interface/skeleton.tsx'
import { usePages } from '../interface/use-pages.ts'
import { Chevron } from '../interface/chevron.tsx'
import { useSpeech } from '../language/index.tsx'
import { Emblem } from './emblem.tsx'

export function HomePage() {
  const { words, format, to } = useSpeech()
  const [typed, setTyped] = useState('')
  const [query, setQuery] = useState('')
  useTitle(words.homeTitle)
  useEffect(() => {
    const pause = setTimeout(() => setQuery(typed.trim()), 250)
    return () => clearTimeout(pause)
  }, [typed])
  const found = usePages(`businesses:${query}`, (cursor) =>
    thabit.businesses({ ...(query ? { query } : {}), ...(cursor ? { cursor } : {}) }),
  )

  return (
    <>
      <section class="head">
        <Lattice />
        <div class="head-inner">
          <div>
            <h1>{words.homeTitle}</h1>
            <p class="head-place">{words.homeLead}</p>
          </div>
        </div>
      </section>
      <div class="column">
        <search>
          <Field
            label={words.search}
            value={typed}
            onValue={setTyped}
            type="search"
            name="query"
            dir="auto"
            maxLength={60}
            autocomplete="off"
          />
        </search>
        <Trouble error={found.error} retry={found.reload} />
        {!found.items && !found.error && <Skeleton rows={3} tall />}
        {found.items?.length === 0 && <p class="empty">{words.noBusinesses}</p>}
        <ul class="cards" aria-live="polite">
          {found.items?.map((business) => (
            <li key={business.id}>
              <a class="card business" href={to(`/b/${business.slug}`)}>
                <Emblem name={format.text(business.name)} tint={business.slug} />
                <span class="card-body">
                  <strong class="card-title" dir="auto">
                    {format.text(business.name)}
                  </strong>
                  <span class="faint" dir="auto">
                    {format.text(business.description)}
                  </span>
                </span>
                <Chevron />
              </a>
            </li>
          ))}
        </ul>
        <More pages={found} />
      </div>
    </>
  )
}
