import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { readIfThere, writeWhole } from './files.ts'

/** Production refuses secrets that begin so: these lie in a file beside the data. */
const MARK = 'development-'

/** Secrets for trying the product: made once, kept in the home, so that logins and webhooks survive a restart. */
export function ownSecrets(home: string): Record<string, string> {
  const path = join(home, 'secrets.json')
  const kept = JSON.parse(readIfThere(path) ?? '{}') as Record<string, string>
  const random = (bytes: number): string => randomBytes(bytes).toString('hex')
  const secrets = {
    TOKEN_SECRET: MARK + random(32),
    CODE_SECRET: MARK + random(32),
    MOYASAR_SECRET_KEY: `sk_test_${random(20)}`,
    MOYASAR_WEBHOOK_ENDPOINT_ID: random(16),
    MOYASAR_WEBHOOK_SECRET: MARK + random(32),
    UNIFONIC_OTP_APP_SID: random(16),
    UNIFONIC_NOTIFICATION_APP_SID: random(16),
    UNIFONIC_WEBHOOK_ENDPOINT_ID: random(16),
    TAQNYAT_OTP_TOKEN: random(16),
    TAQNYAT_NOTIFICATION_TOKEN: random(16),
    TAQNYAT_WEBHOOK_ENDPOINT_ID: random(16),
    TWILIO_ACCOUNT_SID: `AC${random(16)}`,
    TWILIO_OTP_API_KEY: `SK${random(16)}:${random(16)}`,
    TWILIO_NOTIFICATION_API_KEY: `SK${random(16)}:${random(16)}`,
    TWILIO_WEBHOOK_ENDPOINT_ID: random(16),
    TWILIO_AUTH_TOKEN: MARK + random(16),
    WHATSAPP_PHONE_NUMBER_ID: '100000000000001',
    WHATSAPP_ACCESS_TOKEN: MARK + random(16),
    WHATSAPP_WEBHOOK_ENDPOINT_ID: random(16),
    WHATSAPP_APP_SECRET: MARK + random(16),
    WHATSAPP_VERIFY_TOKEN: MARK + random(16),
    ...kept,
  }
  if (Object.keys(kept).length !== Object.keys(secrets).length) writeWhole(path, JSON.stringify(secrets, null, 2))
  return secrets
}
