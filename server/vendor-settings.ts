import type { SettingName } from './settings.ts'

/** Every vendor of messages the house has an adapter for, and what it cannot do without once it is chosen. */
const vendorNeeds = {
  unifonic: { OTP: ['UNIFONIC_OTP_APP_SID'], NOTIFICATION: ['UNIFONIC_NOTIFICATION_APP_SID'], sender: 'UNIFONIC_SENDER' },
  taqnyat: { OTP: ['TAQNYAT_OTP_TOKEN'], NOTIFICATION: ['TAQNYAT_NOTIFICATION_TOKEN'], sender: 'TAQNYAT_SENDER' },
  twilio: {
    OTP: ['TWILIO_ACCOUNT_SID', 'TWILIO_OTP_API_KEY'],
    NOTIFICATION: ['TWILIO_ACCOUNT_SID', 'TWILIO_NOTIFICATION_API_KEY'],
    sender: 'TWILIO_SENDER',
  },
  whatsapp: { NOTIFICATION: ['WHATSAPP_PHONE_NUMBER_ID', 'WHATSAPP_ACCESS_TOKEN'] },
  smtp: { NOTIFICATION: ['SMTP_URL', 'SMTP_FROM'] },
} as const satisfies Record<string, VendorNeeds>

interface VendorNeeds {
  /** Left out: it carries no codes. */
  OTP?: readonly SettingName[]
  NOTIFICATION: readonly SettingName[]
  /** Of SMS: the name registered with the regulator. A default would be refused, or be another's. */
  sender?: SettingName
}

export type Vendor = keyof typeof vendorNeeds
export type CodeVendor = { [Name in Vendor]: (typeof vendorNeeds)[Name] extends { OTP: unknown } ? Name : never }[Vendor]

const needsOf = (vendor: Vendor): VendorNeeds => vendorNeeds[vendor]
const vendors = Object.keys(vendorNeeds) as Vendor[]
const codeVendors = vendors.filter((vendor): vendor is CodeVendor => needsOf(vendor).OTP !== undefined)

interface Reading {
  given: (name: SettingName) => string | undefined
  text: (name: SettingName) => string
  oneOf: <T extends string>(name: SettingName, choices: readonly T[]) => T
  vendorAddress: (name: SettingName) => string
  complain: (sentence: string) => void
  production: boolean
}

/** Who carries codes and who carries messages, and what each vendor is reached with. */
export function readVendors({ given, text, oneOf, vendorAddress, complain, production }: Reading) {
  const otp = oneOf('OTP_PROVIDER', codeVendors)
  // An SMS vendor, as all who carry codes are: the channel everyone has.
  const first = oneOf<Vendor>('NOTIFICATION_PROVIDER', codeVendors)
  const fallbacks = text('NOTIFICATION_FALLBACKS')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  for (const name of fallbacks)
    if (!vendors.includes(name as Vendor)) complain(`NOTIFICATION_FALLBACKS may name ${vendors.join(', ')}, not “${name}”.`)
  const notifications = [...new Set([first, ...(fallbacks as Vendor[])])].filter((name) => vendors.includes(name))

  const require = (setting: SettingName, vendor: Vendor, chosenBy: SettingName) => {
    if (given(setting) === undefined) complain(`${setting} is not set, and ${chosenBy} is ${vendor}.`)
  }
  if (codeVendors.includes(otp)) for (const setting of needsOf(otp).OTP ?? []) require(setting, otp, 'OTP_PROVIDER')
  for (const vendor of notifications)
    for (const setting of needsOf(vendor).NOTIFICATION)
      require(setting, vendor, vendor === first ? 'NOTIFICATION_PROVIDER' : 'NOTIFICATION_FALLBACKS')
  for (const vendor of vendors.filter((name) => name === otp || notifications.includes(name))) {
    const { sender } = needsOf(vendor)
    if (production && sender && given(sender) === undefined)
      complain(`${sender} is not set: in production ${vendor} needs the sender name that is registered for you.`)
  }

  const secretOf = (name: SettingName) => given(name) ?? ''
  const senderOf = (name: SettingName) => given(name) ?? 'Thabit'
  /** For promotional messages; null: none is registered, and none are sent. */
  const promotionalSenderOf = (name: SettingName): string | null => {
    const sender = given(name) ?? null
    if (sender !== null && !/^[A-Za-z0-9]{1,8}[- ]AD$/.test(sender))
      complain(`${name} must be letters and digits that end in -AD, eleven characters at most, not “${sender}”.`)
    return sender
  }

  /** Reports are taken only at an address nobody can guess; for some vendors nothing else says who sent them. */
  const endpointOf = (name: SettingName, ...proofs: SettingName[]): string | null => {
    const id = given(name) ?? null
    if (id !== null && !/^[\w-]{16,}$/.test(id)) complain(`${name} must have at least 16 letters, digits, - or _.`)
    for (const proof of proofs)
      if (id !== null && given(proof) === undefined) complain(`${proof} is not set, and ${name} is: its reports could not be verified.`)
    return id
  }

  return {
    chosen: { otp, notifications },
    unifonic: {
      baseUrl: vendorAddress('UNIFONIC_BASE_URL'),
      otpCredential: secretOf('UNIFONIC_OTP_APP_SID'),
      notificationCredential: secretOf('UNIFONIC_NOTIFICATION_APP_SID'),
      sender: senderOf('UNIFONIC_SENDER'),
      promotionalSender: promotionalSenderOf('UNIFONIC_PROMOTIONAL_SENDER'),
      webhookEndpointId: endpointOf('UNIFONIC_WEBHOOK_ENDPOINT_ID'),
    },
    taqnyat: {
      baseUrl: vendorAddress('TAQNYAT_BASE_URL'),
      otpCredential: secretOf('TAQNYAT_OTP_TOKEN'),
      notificationCredential: secretOf('TAQNYAT_NOTIFICATION_TOKEN'),
      sender: senderOf('TAQNYAT_SENDER'),
      promotionalSender: promotionalSenderOf('TAQNYAT_PROMOTIONAL_SENDER'),
      webhookEndpointId: endpointOf('TAQNYAT_WEBHOOK_ENDPOINT_ID'),
    },
    twilio: {
      baseUrl: vendorAddress('TWILIO_BASE_URL'),
      accountSid: text('TWILIO_ACCOUNT_SID'),
      otpCredential: secretOf('TWILIO_OTP_API_KEY'),
      notificationCredential: secretOf('TWILIO_NOTIFICATION_API_KEY'),
      sender: senderOf('TWILIO_SENDER'),
      promotionalSender: promotionalSenderOf('TWILIO_PROMOTIONAL_SENDER'),
      webhookEndpointId: endpointOf('TWILIO_WEBHOOK_ENDPOINT_ID', 'TWILIO_AUTH_TOKEN'),
      authToken: secretOf('TWILIO_AUTH_TOKEN'),
    },
    whatsapp: {
      baseUrl: vendorAddress('WHATSAPP_BASE_URL'),
      phoneNumberId: text('WHATSAPP_PHONE_NUMBER_ID'),
      accessToken: secretOf('WHATSAPP_ACCESS_TOKEN'),
      webhookEndpointId: endpointOf('WHATSAPP_WEBHOOK_ENDPOINT_ID', 'WHATSAPP_APP_SECRET', 'WHATSAPP_VERIFY_TOKEN'),
      appSecret: secretOf('WHATSAPP_APP_SECRET'),
      verifyToken: secretOf('WHATSAPP_VERIFY_TOKEN'),
    },
    smtp: { ...relay({ given, complain, production }), from: text('SMTP_FROM') },
  }
}

/** `smtps://` speaks TLS from the first byte; `smtp://` must go over to it before the password, except on this very machine. */
function relay({ given, complain, production }: Pick<Reading, 'given' | 'complain' | 'production'>) {
  const value = given('SMTP_URL')
  const url = value !== undefined && URL.canParse(value) ? new URL(value) : undefined
  if (value !== undefined && (url === undefined || !/^smtps?:$/.test(url.protocol) || url.hostname === ''))
    complain('SMTP_URL must be an address that starts with smtp:// or smtps://.')
  const own = url !== undefined && /^(localhost$|127\.|\[::1\]$|0\.0\.0\.0$)/.test(url.hostname)
  if (production && own) complain('SMTP_URL points at a simulator on this machine; in production it must be your mail relay’s own address.')
  const implicitTls = url?.protocol === 'smtps:'
  return {
    host: url?.hostname.replace(/^\[|\]$/g, '') ?? '',
    port: Number(url?.port) || (implicitTls ? 465 : 587),
    tls: implicitTls ? ('implicit' as const) : own ? ('if offered' as const) : ('required' as const),
    user: decoded(url?.username ?? ''),
    password: decoded(url?.password ?? ''),
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
