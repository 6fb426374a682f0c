import type { OtpProvider } from '#accounts'
import type { DeliveryReportReader, NotificationProvider } from '#notifications'
import type { CodeVendor, Config, Vendor } from '../config.ts'
import { taqnyatNotifications, taqnyatOtp } from './taqnyat/index.ts'
import { taqnyatReports } from './taqnyat/report.ts'
import { smtpNotifications } from './smtp/index.ts'
import { twilioNotifications, twilioOtp } from './twilio/index.ts'
import { twilioReports } from './twilio/report.ts'
import { unifonicNotifications, unifonicOtp } from './unifonic/index.ts'
import { unifonicReports } from './unifonic/report.ts'
import { whatsAppNotifications } from './whatsapp/index.ts'
import { whatsAppReports } from './whatsapp/report.ts'

/** One line a vendor. */
const otp: Record<CodeVendor, (config: Config) => OtpProvider> = {
  unifonic: ({ unifonic }) => unifonicOtp({ ...unifonic, credential: unifonic.otpCredential }),
  taqnyat: ({ taqnyat }) => taqnyatOtp({ ...taqnyat, credential: taqnyat.otpCredential }),
  twilio: (config) => twilioOtp({ ...config.twilio, credential: config.twilio.otpCredential, reportsTo: null }),
}

/** One line a vendor. */
const notifications: Record<Vendor, (config: Config) => NotificationProvider> = {
  unifonic: ({ unifonic }) => unifonicNotifications({ ...unifonic, credential: unifonic.notificationCredential }),
  taqnyat: ({ taqnyat }) => taqnyatNotifications({ ...taqnyat, credential: taqnyat.notificationCredential }),
  twilio: (config) =>
    twilioNotifications({ ...config.twilio, credential: config.twilio.notificationCredential, reportsTo: twilioReportsTo(config) }),
  whatsapp: ({ whatsapp }) => whatsAppNotifications(whatsapp),
  smtp: ({ smtp }) => smtpNotifications(smtp),
}

/** The vendor of codes and those of booking messages are chosen apart: one may be down, or changed, without the other. */
export function otpProvider(config: Config): OtpProvider {
  return otp[config.otp.vendor](config)
}

/** In the order of the house. */
export function notificationProviders(config: Config): NotificationProvider[] {
  return config.notifications.vendors.map((vendor) => {
    const settings = config[vendor]
    return { ...notifications[vendor](config), promotes: 'promotionalSender' in settings && settings.promotionalSender !== null }
  })
}

/** Readers of delivery reports, by vendor, of those that were given an address to report to. */
export function deliveryReportReaders(config: Config): { endpointId: string; reader: DeliveryReportReader }[] {
  const { unifonic, taqnyat, twilio, whatsapp } = config
  return [
    { endpointId: unifonic.webhookEndpointId, reader: unifonicReports() },
    { endpointId: taqnyat.webhookEndpointId, reader: taqnyatReports() },
    { endpointId: twilio.webhookEndpointId, reader: twilioReports(twilio) },
    { endpointId: whatsapp.webhookEndpointId, reader: whatsAppReports(whatsapp) },
  ].flatMap(({ endpointId, reader }) => (endpointId === null ? [] : [{ endpointId, reader }]))
}

/** Twilio is told with each message; the others are told once, in their consoles. */
function twilioReportsTo({ publicUrl, twilio }: Config): string | null {
  return twilio.webhookEndpointId === null ? null : `${publicUrl}/v1/webhooks/twilio/${twilio.webhookEndpointId}`
}
