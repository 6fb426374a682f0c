/** One setting of the house: how it is named outside, what it means, and what it is when nobody says. */
interface SettingWords {
  readonly about: string
  /** Shown in the reference and in .env.example; null: there is none and it must be given. */
  readonly fallback: string | null
  readonly secret?: boolean
}

/** Every variable the server reads, in the order of the reference. `config.ts` is the only place that reads them. */
export const settings = {
  NODE_ENV: {
    about: 'production refuses to start on simulators, embedded PostgreSQL, default secrets or a test gateway key',
    fallback: 'development',
  },
  HOST: { about: 'address to listen on', fallback: '127.0.0.1 (0.0.0.0 in production)' },
  PORT: { about: 'port to listen on', fallback: '3000' },
  PUBLIC_URL: { about: 'the address customers and the gateway reach the server at', fallback: 'http://localhost:PORT' },
  TRUSTED_PROXIES: {
    about: 'how many proxies of your own stand before the server; their word on a client’s address is believed',
    fallback: '0',
  },
  DATABASE_URL: { about: 'PostgreSQL 18 or newer, with btree_gist and pg_trgm', fallback: null, secret: true },
  DATABASE_POOL_SIZE: { about: 'connections of one process', fallback: '20' },
  LOG_LEVEL: { about: 'trace, debug, info, warn, error, silent', fallback: 'info' },
  LOG_FILE: { about: 'where log lines go instead of standard output', fallback: '' },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    about: 'OpenTelemetry collector that is handed the traces (OTLP over HTTP; /v1/traces is added); empty: none',
    fallback: '',
  },
  OTEL_EXPORTER_OTLP_HEADERS: { about: 'headers that collector wants: name=value, comma between', fallback: '', secret: true },
  OTEL_SERVICE_NAME: { about: 'by what name the traces know this house', fallback: 'thabit' },
  TOKEN_SECRET: { about: 'signs access tokens; at least 32 characters', fallback: null, secret: true },
  CODE_SECRET: { about: 'keys the hashes of one-time codes; at least 32 characters', fallback: null, secret: true },
  CODE_SECRET_BEFORE: {
    about: 'the former CODE_SECRET, accepted for the five minutes a code lives after a change',
    fallback: '',
    secret: true,
  },
  CODE_COUNTRIES: { about: 'countries whose numbers may be sent a code (ISO 3166, comma between)', fallback: 'SA,AE,KW,BH,QA,OM' },
  CODE_LIMIT_PHONE_PER_DAY: { about: 'codes one number may be sent in a day', fallback: '20' },
  CODE_LIMIT_ADDRESS_PER_HOUR: {
    about: 'codes one address may ask for in an hour; two more for each number that signed in from it within a day',
    fallback: '10',
  },
  CODE_LIMIT_TOTAL_PER_HOUR: { about: 'codes sent to anyone in an hour', fallback: '2000' },
  CODE_LIMIT_UNUSED_PER_RANGE: {
    about:
      'codes to one range of numbers (all but the last four digits) in 15 minutes, fewer than a fifth of them used, after which it gets none',
    fallback: '50',
  },
  CODE_PROOF_AFTER: {
    about: 'unused codes of one address in ten minutes before its browser must solve a riddle for the next; 0: never',
    fallback: '3',
  },
  CODE_PRICES: {
    about: 'what a part of a text with a code costs by country, in minor units; * for the countries not named',
    fallback: 'SA=11,*=75',
  },
  CODE_SPEND_CAP_PER_DAY: { about: 'what all codes of a day may cost, in minor units; then none are sent', fallback: '100000' },
  CODE_SPEND_CAP_PER_COUNTRY: {
    about: 'the same for the codes to one country; * for each country not named',
    fallback: 'SA=100000,*=20000',
  },
  CODE_RESEND_MS: { about: 'pause before the same number is sent another code', fallback: '60000' },
  CODE_TIMEOUT_MS: { about: 'deadline of the call that sends a code', fallback: '5000' },
  CODE_WEBOTP_HOST: { about: 'host of the WebOTP line that lets phones fill the code in; empty leaves the line out', fallback: '' },
  OTP_PROVIDER: { about: 'vendor of one-time codes: unifonic, taqnyat or twilio', fallback: null },
  NOTIFICATION_PROVIDER: {
    about: 'vendor of booking messages by SMS: unifonic, taqnyat or twilio; better another than OTP_PROVIDER',
    fallback: null,
  },
  NOTIFICATION_FALLBACKS: {
    about: 'other vendors of booking messages in the order they are asked (comma between): unifonic, taqnyat, twilio, whatsapp, smtp',
    fallback: '',
  },
  NOTIFICATION_DELIVERY: { about: 'inline: one attempt after commit, before the answer; queue: by workers', fallback: 'inline' },
  NOTIFICATION_TIMEOUT_MS: { about: 'deadline of one round of vendors for a message', fallback: '2000' },
  NOTIFICATION_RATE_PER_SECOND: {
    about: 'messages one process hands to one vendor in a second, from the queue or after a pause',
    fallback: '20',
  },
  PROMOTIONAL_HOURS: { about: 'when promotional messages may be sent, at the business', fallback: '09:00-19:00' },
  UNIFONIC_BASE_URL: { about: 'where Unifonic answers', fallback: 'https://el.cloud.unifonic.com' },
  UNIFONIC_OTP_APP_SID: { about: 'Unifonic application for codes', fallback: '', secret: true },
  UNIFONIC_NOTIFICATION_APP_SID: { about: 'Unifonic application for booking messages', fallback: '', secret: true },
  UNIFONIC_SENDER: { about: 'registered sender name; without it production does not start on this vendor', fallback: '' },
  UNIFONIC_PROMOTIONAL_SENDER: {
    about: 'registered sender name of promotional messages, ends in -AD; empty: none are sent by this vendor',
    fallback: '',
  },
  UNIFONIC_WEBHOOK_ENDPOINT_ID: {
    about: 'unguessable last part of the address for delivery reports, /v1/webhooks/unifonic/…; empty: none are taken',
    fallback: '',
    secret: true,
  },
  TAQNYAT_BASE_URL: { about: 'where Taqnyat answers', fallback: 'https://api.taqnyat.sa' },
  TAQNYAT_OTP_TOKEN: { about: 'Taqnyat token for codes', fallback: '', secret: true },
  TAQNYAT_NOTIFICATION_TOKEN: { about: 'Taqnyat token for booking messages', fallback: '', secret: true },
  TAQNYAT_SENDER: { about: 'registered sender name; without it production does not start on this vendor', fallback: '' },
  TAQNYAT_PROMOTIONAL_SENDER: {
    about: 'registered sender name of promotional messages, ends in -AD; empty: none are sent by this vendor',
    fallback: '',
  },
  TAQNYAT_WEBHOOK_ENDPOINT_ID: {
    about: 'unguessable last part of the address for delivery reports, /v1/webhooks/taqnyat/…; empty: none are taken',
    fallback: '',
    secret: true,
  },
  TWILIO_BASE_URL: { about: 'where Twilio answers', fallback: 'https://api.twilio.com' },
  TWILIO_ACCOUNT_SID: { about: 'the account, AC…', fallback: '' },
  TWILIO_OTP_API_KEY: { about: 'Twilio API key for codes, SK…:secret', fallback: '', secret: true },
  TWILIO_NOTIFICATION_API_KEY: { about: 'Twilio API key for booking messages, SK…:secret', fallback: '', secret: true },
  TWILIO_SENDER: { about: 'registered sender name; without it production does not start on this vendor', fallback: '' },
  TWILIO_PROMOTIONAL_SENDER: {
    about: 'registered sender name of promotional messages, ends in -AD; empty: none are sent by this vendor',
    fallback: '',
  },
  TWILIO_WEBHOOK_ENDPOINT_ID: {
    about: 'unguessable last part of the address for delivery reports, /v1/webhooks/twilio/…; empty: none are taken',
    fallback: '',
    secret: true,
  },
  TWILIO_AUTH_TOKEN: { about: 'checks the signature of Twilio’s delivery reports', fallback: '', secret: true },
  WHATSAPP_BASE_URL: { about: 'where the WhatsApp Cloud API answers, its version included', fallback: 'https://graph.facebook.com/v23.0' },
  WHATSAPP_PHONE_NUMBER_ID: { about: 'id of the number that messages come from', fallback: '' },
  WHATSAPP_ACCESS_TOKEN: { about: 'token of a system user who may send from that number', fallback: '', secret: true },
  WHATSAPP_WEBHOOK_ENDPOINT_ID: {
    about: 'unguessable last part of the address for delivery reports, /v1/webhooks/whatsapp/…; empty: none are taken',
    fallback: '',
    secret: true,
  },
  WHATSAPP_APP_SECRET: { about: 'checks the signature of WhatsApp’s delivery reports', fallback: '', secret: true },
  WHATSAPP_VERIFY_TOKEN: { about: 'a word of your own that Meta repeats when that address is registered', fallback: '', secret: true },
  SMTP_URL: { about: 'mail relay: smtp://user:password@host:587 (with STARTTLS) or smtps://…:465', fallback: '', secret: true },
  SMTP_FROM: { about: 'sender of mails: Name <address>', fallback: '' },
  MOYASAR_BASE_URL: { about: 'where Moyasar answers, without /v1', fallback: 'https://api.moyasar.com' },
  MOYASAR_SECRET_KEY: { about: 'sk_live_… in production', fallback: null, secret: true },
  MOYASAR_TIMEOUT_MS: { about: 'deadline of one call to the gateway', fallback: '8000' },
  MOYASAR_WEBHOOK_ENDPOINT_ID: {
    about: 'unguessable last part of the webhook address /v1/webhooks/moyasar/…',
    fallback: null,
    secret: true,
  },
  MOYASAR_WEBHOOK_SECRET: { about: 'the shared secret given to Moyasar with the webhook', fallback: null, secret: true },
  MOYASAR_WEBHOOK_SECRET_BEFORE: {
    about: 'the former shared secret, still accepted while it is being changed',
    fallback: '',
    secret: true,
  },
  OPERATOR_WATCH: {
    about: 'on: the alert rules are judged here; off: by a Prometheus that reads monitoring/prometheus-rules.yaml',
    fallback: 'on',
  },
  OPERATOR_ALERT_RECIPIENTS: {
    about: 'who is told of alerts (comma between): sms:+9665…, whatsapp:+9665…, email:ops@…, webhook:https://…; better two kinds',
    fallback: '',
  },
  OPERATOR_LOCALE: { about: 'language of alerts: ar or en', fallback: 'ar' },
  CANARY_RECIPIENT: { about: 'own addresses a test message is sent to, one a channel: sms:+9665…,email:…; empty: none', fallback: '' },
  CANARY_EVERY_MINUTES: { about: 'pause between two of them; an alert comes after half an hour without one', fallback: '10' },
  DRAIN_MS: {
    about: 'how long a server told to stop still answers while /readyz says no; at least the pause between two of your balancer’s probes',
    fallback: '2000',
  },
  HOLD_MINUTES: { about: 'how long a booking waits for its payment', fallback: '15' },
  PAYMENT_PAGE_MINUTES: { about: 'how long the gateway’s page takes money; shorter than HOLD_MINUTES', fallback: '10' },
  HOLD_ENDING_MINUTES: {
    about: 'so long before an unpaid hold runs out its customer is told, if it lasts 8 minutes or more; 0: never',
    fallback: '5',
  },
  HOLDS_PER_ACCOUNT: { about: 'unpaid holds one account may have at once', fallback: '5' },
  ACCESS_TOKEN_MINUTES: { about: 'life of an access token', fallback: '10' },
  SESSION_DAYS: { about: 'life of a login that is used', fallback: '30' },
} as const satisfies Record<string, SettingWords>

export type SettingName = keyof typeof settings
