import type { SettingName } from './settings.ts'

/** Every vendor of messages the house has an adapter for, and what it cannot do without once it is chosen. */
const vendorNeeds = {
  unifonic: { OTP: ['UNIFONIC_OTP_APP_SID'], NOTIFICATION: ['UNIFONIC_NOTIFICATION_APP_SID'], sender: 'UNIFONIC_SENDER' },
  taqnyat: { OTP: ['TAQNYAT_OTP_TOKEN'], NOTIFICATION: ['TAQNYAT_NOTIFICATION_TOKEN'], sender: 'TAQNYAT_SENDER' },
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
  given(name: SettingName): string | undefined
  text(name: SettingName): string
  oneOf<T extends string>(name: SettingName, choices: readonly T[]): T
  vendorAddress(name: SettingName): string
  complain(sentence: string): void
  production: boolean
}

/** Who carries codes and who carries messages, and what each vendor is reached with. */
export function readVendors({ given, text, oneOf, vendorAddress, complain, production }: Reading) {
  const otp = oneOf('OTP_PROVIDER', codeVendors)
  const first = oneOf('NOTIFICATION_PROVIDER', vendors)
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

  return {
    chosen: { otp, notifications },
    unifonic: {
      baseUrl: vendorAddress('UNIFONIC_BASE_URL'),
      otpCredential: secretOf('UNIFONIC_OTP_APP_SID'),
      notificationCredential: secretOf('UNIFONIC_NOTIFICATION_APP_SID'),
      sender: senderOf('UNIFONIC_SENDER'),
      promotionalSender: promotionalSenderOf('UNIFONIC_PROMOTIONAL_SENDER'),
    },
    taqnyat: {
      baseUrl: vendorAddress('TAQNYAT_BASE_URL'),
      otpCredential: secretOf('TAQNYAT_OTP_TOKEN'),
      notificationCredential: secretOf('TAQNYAT_NOTIFICATION_TOKEN'),
      sender: senderOf('TAQNYAT_SENDER'),
      promotionalSender: promotionalSenderOf('TAQNYAT_PROMOTIONAL_SENDER'),
    },
  }
}
