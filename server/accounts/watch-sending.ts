import type { Sweep } from '#jobs'
import { limits, prefixBreaker } from './code-limits.ts'
import { countBlockedPrefixes, usedOf } from './limit-queries.ts'
import type { AccountsNeeds } from './needs.ts'

/** Makes loud that codes are not sent to somebody, or soon to nobody: an attack on the bill is seen while it goes on. */
export function watchSending({ database, log, metrics, settings: { codes } }: AccountsNeeds): Sweep {
  let told = { blocked: 0, spent: false }
  return {
    name: 'watch-code-sending',
    everyMs: 15_000,
    async run() {
      const blocked = await countBlockedPrefixes(database, { sends: codes.unusedPerPrefix, share: prefixBreaker.share })
      metrics.codePrefixesBlocked.set(blocked)
      let spent = false
      for (const country of ['', ...codes.countries]) {
        const cap =
          country === ''
            ? codes.spendCapPerDay
            : (codes.spendCapPerCountry[country] ?? codes.spendCapPerCountry['*'] ?? codes.spendCapPerDay)
        const share = (await usedOf(database, limits.spend(country, cap))) / cap
        metrics.codeSpendShare.set({ country: country === '' ? 'all' : country }, share)
        // The next text would pass the cap, or nearly.
        spent ||= share >= 0.99
      }
      if (blocked > told.blocked)
        log.error({ event: 'code_prefix_blocked', ranges: blocked }, 'Codes to a range of numbers stopped: they are sent and not used.')
      if (spent && !told.spent) log.error({ event: 'code_spend_cap_reached' }, 'What may be spent on codes in a day is spent.')
      told = { blocked, spent }
      return 0
    },
  }
}
