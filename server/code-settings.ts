import type { SettingName } from './settings.ts'

interface Reading {
  given: (name: SettingName) => string | undefined
  text: (name: SettingName) => string
  integer: (name: SettingName, low: number, high: number) => number
  secret: (name: SettingName) => string
  complain: (sentence: string) => void
}

const mostMinor = 1_000_000_000

/** One-time codes: what keys them, whom they may go to, how many, and what they may cost. */
export function readCodes({ given, text, integer, secret, complain }: Reading) {
  const before = given('CODE_SECRET_BEFORE')
  const countries = text('CODE_COUNTRIES')
    .split(',')
    .map((country) => country.trim().toUpperCase())

  /** `SA=11,*=75` as a table; `*` stands for every country that is not named. */
  const perCountry = (name: SettingName): Record<string, number> => {
    const table = Object.fromEntries(
      text(name)
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean)
        .map((part) => {
          const [, country = '', amount = ''] = /^([A-Z]{2}|\*)\s*=\s*(\d{1,9})$/i.exec(part) ?? []
          if (country === '') complain(`${name} must look like SA=11,*=75, not “${part}”.`)
          return [country.toUpperCase(), Number(amount)]
        }),
    )
    const left = countries.filter((country) => !(country in table) && !('*' in table))
    if (left.length > 0) complain(`${name} says nothing of ${left.join(', ')}: add them, or * for all others.`)
    return table
  }

  return {
    secrets: [secret('CODE_SECRET'), ...(before === undefined ? [] : [before])],
    countries,
    perPhonePerDay: integer('CODE_LIMIT_PHONE_PER_DAY', 1, 10_000),
    perAddressPerHour: integer('CODE_LIMIT_ADDRESS_PER_HOUR', 1, 1_000_000),
    totalPerHour: integer('CODE_LIMIT_TOTAL_PER_HOUR', 1, 10_000_000),
    unusedPerPrefix: integer('CODE_LIMIT_UNUSED_PER_RANGE', 1, 1_000_000),
    proofAfter: integer('CODE_PROOF_AFTER', 0, 1_000_000),
    pricePerPart: perCountry('CODE_PRICES'),
    spendCapPerDay: integer('CODE_SPEND_CAP_PER_DAY', 1, mostMinor),
    spendCapPerCountry: perCountry('CODE_SPEND_CAP_PER_COUNTRY'),
    resendMs: integer('CODE_RESEND_MS', 0, 3_600_000),
    timeoutMs: integer('CODE_TIMEOUT_MS', 100, 60_000),
    webOtpHost: given('CODE_WEBOTP_HOST'),
  }
}
