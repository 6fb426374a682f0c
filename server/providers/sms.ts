import type { OtpProvider } from '#accounts'
import type { NotificationProvider } from '#notifications'
import type { Config, SmsVendor } from '../config.ts'
import { taqnyatNotifications, taqnyatOtp } from './taqnyat/index.ts'
import { unifonicNotifications, unifonicOtp } from './unifonic/index.ts'

interface SmsAccount {
  baseUrl: string
  credential: string
  sender: string
}

const otp: Record<SmsVendor, (account: SmsAccount) => OtpProvider> = { unifonic: unifonicOtp, taqnyat: taqnyatOtp }
const notifications: Record<SmsVendor, (account: SmsAccount) => NotificationProvider> = {
  unifonic: unifonicNotifications,
  taqnyat: taqnyatNotifications,
}

/** The vendor of codes and the vendor of booking messages are chosen apart: one may be down, or changed, without the other. */
export function otpProvider(config: Config): OtpProvider {
  return otp[config.otp.vendor]({ ...config.otp, baseUrl: config[config.otp.vendor].baseUrl })
}

export function notificationProvider(config: Config): NotificationProvider {
  const { vendor, credential, sender } = config.notifications
  return notifications[vendor]({ credential, sender, baseUrl: config[vendor].baseUrl })
}
