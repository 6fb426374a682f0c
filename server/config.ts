import { readOperator } from './operator-settings.ts'
import { readCodes } from './code-settings.ts'
import { cautiousHours, type Hours, readHours } from '#notifications'
import { type SettingName, settings } from './settings.ts'
import { readVendors } from './vendor-settings.ts'

/** A bad setting stops the start; each sentence names one thing and what to do. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
  readonly sentences: readonly string[]

  constructor(sentences: readonly string[]) {
    super(sentences.join('\n'))
    this.sentences = sentences
  }
}

export type { CodeVendor, Vendor } from './vendor-settings.ts'
export type Config = ReturnType<typeof readConfig>

/** Values that came with the code or with an example: a production that runs on them is open to everyone. */
const knownSecrets = /^(change-?me|secret|default|development|test|example|password)|(.)\2{15}/i

/** What stands in when somebody is only trying the product, and not in production. */
const onlyForTrying: Partial<Record<SettingName, string>> = {
  DATABASE_URL: ' The embedded PostgreSQL is only for trying and testing.',
  MOYASAR_SECRET_KEY: ' The simulated gateway is only for trying and testing.',
  OTP_PROVIDER: ' The simulated SMS vendors are only for trying and testing.',
  TOKEN_SECRET: ' The development secrets are only for trying and testing.',
  CODE_SECRET: ' The development secrets are only for trying and testing.',
}

/** The only reader of the environment. Throws SettingsError with a sentence for each thing that is wrong. */
export function readConfig(env: Record<string, string | undefined> = process.env) {
  const sentences: string[] = []
  const complain = (sentence: string) => void sentences.push(sentence)
  const production = env['NODE_ENV'] === 'production'

  const given = (name: SettingName): string | undefined => env[name]?.trim() || undefined
  const text = (name: SettingName): string => {
    const value = given(name) ?? settings[name].fallback
    if (value === null) complain(`${name} is not set: ${settings[name].about}.${production ? (onlyForTrying[name] ?? '') : ''}`)
    return value ?? ''
  }
  const integer = (name: SettingName, low: number, high: number): number => {
    const value = Number(text(name))
    if (!Number.isInteger(value) || value < low || value > high)
      complain(`${name} must be a whole number from ${low} to ${high}, not “${given(name)}”.`)
    return value
  }
  const oneOf = <T extends string>(name: SettingName, choices: readonly T[]): T => {
    const value = text(name)
    if (value !== '' && !choices.includes(value as T)) complain(`${name} must be one of ${choices.join(', ')}, not “${value}”.`)
    return value as T
  }
  const address = (name: SettingName, value = text(name)): URL => {
    if (URL.canParse(value)) {
      const url = new URL(value)
      if (url.protocol === 'http:' || url.protocol === 'https:') return url
    }
    complain(`${name} must be an address that starts with http:// or https://, not “${value}”.`)
    return new URL('http://invalid.invalid')
  }
  const secret = (name: SettingName): string => {
    const value = text(name)
    if (value !== '' && value.length < 32) complain(`${name} must have at least 32 characters.`)
    else if (production && knownSecrets.test(value))
      complain(`${name} is a default secret; in production it must be a random one of your own.`)
    return value
  }
  const vendorAddress = (name: SettingName): string => {
    const url = address(name)
    if (production && isLoopback(url))
      complain(`${name} points at a simulator on this machine; in production it must be the vendor’s own address.`)
    return url.href.replace(/\/$/, '')
  }

  const hours = (name: SettingName): Hours => {
    const read = readHours(text(name))
    if (!read) complain(`${name} must be two times of one day, like 09:00-19:00, not “${given(name)}”.`)
    return read ?? cautiousHours
  }

  const port = integer('PORT', 0, 65535)
  const publicUrl = address('PUBLIC_URL', given('PUBLIC_URL') ?? `http://localhost:${port}`)
  if (production && publicUrl.protocol !== 'https:') complain('PUBLIC_URL must start with https:// in production.')

  const databaseUrl = text('DATABASE_URL')

  const moyasar = {
    baseUrl: vendorAddress('MOYASAR_BASE_URL'),
    secretKey: text('MOYASAR_SECRET_KEY'),
    timeoutMs: integer('MOYASAR_TIMEOUT_MS', 100, 60_000),
    webhookEndpointId: text('MOYASAR_WEBHOOK_ENDPOINT_ID'),
    webhookSecrets: [secret('MOYASAR_WEBHOOK_SECRET'), ...optional(given('MOYASAR_WEBHOOK_SECRET_BEFORE'))],
  }
  const live = moyasar.secretKey.startsWith('sk_live_')
  if (moyasar.secretKey !== '' && !/^sk_(test|live)_\w{8,}$/.test(moyasar.secretKey))
    complain('MOYASAR_SECRET_KEY must be a secret key, sk_live_… or sk_test_….')
  else if (production && moyasar.secretKey.startsWith('sk_test_'))
    complain('MOYASAR_SECRET_KEY is a test key; in production it must start with sk_live_.')
  if (live && new URL(moyasar.baseUrl).host !== 'api.moyasar.com')
    complain('MOYASAR_SECRET_KEY is a live key, so MOYASAR_BASE_URL must be https://api.moyasar.com.')

  const { chosen, ...vendors } = readVendors({ given, text, oneOf, vendorAddress, complain, production })

  const hold = {
    minutes: integer('HOLD_MINUTES', 2, 120),
    pageMinutes: integer('PAYMENT_PAGE_MINUTES', 1, 119),
    perAccount: integer('HOLDS_PER_ACCOUNT', 1, 100),
    endingMinutes: integer('HOLD_ENDING_MINUTES', 0, 60),
  }
  if (hold.pageMinutes >= hold.minutes)
    complain('PAYMENT_PAGE_MINUTES must be less than HOLD_MINUTES, so that the gateway stops taking money before the time is freed.')

  const config = {
    production,
    port,
    host: given('HOST') ?? (production ? '0.0.0.0' : '127.0.0.1'),
    publicUrl: publicUrl.href.replace(/\/$/, ''),
    trustedProxies: integer('TRUSTED_PROXIES', 0, 10),
    database: {
      url: databaseUrl,
      poolSize: integer('DATABASE_POOL_SIZE', 2, 200),
      poolWaitMs: 1_000,
      statementTimeoutMs: 3_000,
      lockTimeoutMs: 2_000,
      idleInTransactionTimeoutMs: 5_000,
    },
    log: {
      level: oneOf('LOG_LEVEL', ['trace', 'debug', 'info', 'warn', 'error', 'silent']),
      file: given('LOG_FILE'),
      secrets: secretValues(given),
    },
    traces: given('OTEL_EXPORTER_OTLP_ENDPOINT') && {
      endpoint: address('OTEL_EXPORTER_OTLP_ENDPOINT').href.replace(/\/$/, ''),
      headers: headersIn(given('OTEL_EXPORTER_OTLP_HEADERS') ?? ''),
      serviceName: text('OTEL_SERVICE_NAME'),
    },
    codes: readCodes({ given, text, integer, secret, complain }),
    sessions: {
      secret: secret('TOKEN_SECRET'),
      accessMinutes: integer('ACCESS_TOKEN_MINUTES', 1, 60),
      days: integer('SESSION_DAYS', 1, 365),
    },
    otp: { vendor: chosen.otp },
    notifications: {
      /** In the order of the house. */
      vendors: chosen.notifications,
      delivery: oneOf('NOTIFICATION_DELIVERY', ['inline', 'queue'] as const),
      // A round lasts one and a half of these, and a dead process gives its messages back within a minute.
      timeoutMs: integer('NOTIFICATION_TIMEOUT_MS', 100, 25_000),
      ratePerSecond: integer('NOTIFICATION_RATE_PER_SECOND', 1, 10_000),
      promotionalHours: hours('PROMOTIONAL_HOURS'),
    },
    ...vendors,
    moyasar,
    hold,
    operator: readOperator({ text, integer, oneOf, complain, production, vendors: chosen.notifications }),
  }
  if (sentences.length > 0) throw new SettingsError(sentences)
  return config
}

/** What a log line must never hold, whoever quotes it. */
function secretValues(given: (name: SettingName) => string | undefined): string[] {
  const names = (Object.keys(settings) as SettingName[]).filter((name) => 'secret' in settings[name])
  const values = names.flatMap((name) => optional(given(name)))
  // The password inside an address is a secret by itself.
  const passwords = values.map((value) => (URL.canParse(value) ? decodeURIComponent(new URL(value).password) : ''))
  return [...values, ...passwords.filter(Boolean)]
}

/** `name=value,name=value`, as OpenTelemetry writes it. */
function headersIn(written: string): Record<string, string> {
  const pairs = written.split(',').flatMap((part) => {
    const at = part.indexOf('=')
    return at < 1 ? [] : [[part.slice(0, at).trim().toLowerCase(), decodeURIComponent(part.slice(at + 1).trim())] as const]
  })
  return Object.fromEntries(pairs)
}

function optional(value: string | undefined): string[] {
  return value === undefined ? [] : [value]
}

function isLoopback(url: URL): boolean {
  return /^(localhost|127\.|\[::1\]|0\.0\.0\.0)/.test(url.hostname)
}
