import type { Business } from '@thabit/sdk'
import { Lattice } from '../interface/mark.tsx'
import { useSpeech } from '../language/index.tsx'
import { Emblem } from './emblem.tsx'

/** Holds its height before the name arrives, so that the page below does not jump. */
export function BusinessHead({ business, small }: { business: Business | null; small: boolean }) {
  const { format, words, to } = useSpeech()
  const branch = business?.branches[0]
  return (
    <section class={small ? 'head small' : 'head'}>
      <Lattice />
      <div class="head-inner">
        {business ? <Emblem name={format.text(business.name)} tint={business.slug} /> : <span class="emblem" />}
        <div>
          <h1 dir="auto">
            {business ? (
              small ? (
                <a href={to(`/b/${business.slug}`)}>{format.text(business.name)}</a>
              ) : (
                format.text(business.name)
              )
            ) : (
              words.loading
            )}
          </h1>
          {!small && (
            <p class="head-place" dir="auto">
              {branch ? format.text(branch.address) : '\u00a0'}
            </p>
          )}
        </div>
      </div>
    </section>
  )
}
