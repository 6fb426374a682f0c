import type { Database } from '#database'
import type { Surfaced } from '#external-calls'
import type { Clock, Log, Metrics } from '#foundation'
import type { OtpProvider } from './otp-provider.ts'

export interface CodeSettings {
  /** Keys of the stored hashes: the first makes new ones, the others are still accepted. */
  secrets: string[]
  /** ISO 3166 countries whose numbers may be sent a code. */
  countries: string[]
  perPhonePerDay: number
  perAddressPerHour: number
  totalPerHour: number
  /** Unused codes of one address in ten minutes before it must solve a riddle; 0: never. */
  proofAfter: number
  /** Codes to one range of numbers in a quarter of an hour, hardly any of them used, after which no more are sent. */
  unusedPerPrefix: number
  /** What a part of a text costs, what a day may cost in all and for one country: minor units, `*` for the countries not named. */
  pricePerPart: Readonly<Record<string, number>>
  spendCapPerDay: number
  spendCapPerCountry: Readonly<Record<string, number>>
  resendMs: number
  timeoutMs: number
  webOtpHost: string | undefined
}

export interface SessionSettings {
  secret: string
  accessMinutes: number
  days: number
}

export interface AccountsNeeds {
  database: Database
  clock: Clock
  log: Log
  metrics: Metrics
  surfaced: Surfaced
  otpProvider: OtpProvider
  settings: { codes: CodeSettings; sessions: SessionSettings }
  /** Whether customers reach us over https. */
  secure: boolean
  publicUrl: string
}
