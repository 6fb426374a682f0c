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
    ...kept,
  }
  if (Object.keys(kept).length !== Object.keys(secrets).length) writeWhole(path, JSON.stringify(secrets, null, 2))
  return secrets
}
