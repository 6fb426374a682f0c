import type { OtpProvider } from '#accounts'
import type { NotificationProvider } from '#notifications'
import type { Config } from '../config.ts'
import type { CodeVendor, Vendor } from '../vendor-settings.ts'
import { taqnyatNotifications, taqnyatOtp } from './taqnyat/index.ts'
import { unifonicNotifications, unifonicOtp } from './unifonic/index.ts'

/** One line a vendor. */
const otp: Record<CodeVendor, (config: Config) => OtpProvider> = {
  unifonic: ({ unifonic }) => unifonicOtp({ ...unifonic, credential: unifonic.otpCredential }),
  taqnyat: ({ taqnyat }) => taqnyatOtp({ ...taqnyat, credential: taqnyat.otpCredential }),
}

/** One line a vendor. */
const notifications: Record<Vendor, (config: Config) => NotificationProvider> = {
  unifonic: ({ unifonic }) => unifonicNotifications({ ...unifonic, credential: unifonic.notificationCredential }),
  taqnyat: ({ taqnyat }) => taqnyatNotifications({ ...taqnyat, credential: taqnyat.notificationCredential }),
}

/** The vendor of codes and those of booking messages are chosen apart: one may be down, or changed, without the other. */
export function otpProvider(config: Config): OtpProvider {
  return otp[config.otp.vendor](config)
}

/** In the order of the house. */
export function notificationProviders(config: Config): NotificationProvider[] {
  return config.notifications.vendors.map((vendor) => notifications[vendor](config))
}
