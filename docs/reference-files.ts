import { assemble } from '../server/assembly.ts'
import { readConfig } from '../server/config.ts'
import { dumpSchema } from '../server/database/index.ts'
import { allProblems, logEvents } from '../server/foundation/index.ts'
import { type SettingName, settings } from '../server/settings.ts'
import { typesOf } from '../sdk/generate.ts'
import { failuresPage } from './failures.ts'
import { alertsPage, grafanaDashboard, prometheusRules } from './monitoring-files.ts'
import { messagesPage } from './messages.ts'

/** Everything that is made from the code and checked in, by its path: for people who read and for programs that are generated. */
export async function referenceFiles(migratedDatabaseUrl: string): Promise<Map<string, string>> {
  const openapi = await describeInterface()
  return new Map([
    ['docs/reference/alerts.md', alertsPage(made)],
    ['docs/reference/errors.md', errorsPage()],
    ['docs/reference/failures.md', failuresPage(made)],
    ['docs/reference/log-events.md', logEventsPage()],
    ['docs/reference/messages.md', messagesPage(made)],
    ['docs/reference/settings.md', settingsPage()],
    ['docs/reference/openapi.json', openapi],
    ['sdk/src/generated/openapi.ts', await typesOf(openapi)],
    ['server/database/schema.sql', await dumpSchema(migratedDatabaseUrl)],
    ['.env.example', environmentExample()],
    ['monitoring/prometheus-rules.yaml', prometheusRules(made)],
    ['monitoring/grafana-dashboard.json', grafanaDashboard()],
  ])
}

/** The contract as the server itself tells it. The house is built and never opened: no database and no vendor is asked. */
async function describeInterface(): Promise<string> {
  const house = await assemble(
    readConfig({
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
      LOG_LEVEL: 'silent',
      TOKEN_SECRET: 'only-to-describe-the-interface-0123456789',
      CODE_SECRET: 'only-to-describe-the-interface-0123456789',
      OTP_PROVIDER: 'unifonic',
      NOTIFICATION_PROVIDER: 'taqnyat',
      UNIFONIC_OTP_APP_SID: 'none',
      TAQNYAT_NOTIFICATION_TOKEN: 'none',
      MOYASAR_SECRET_KEY: 'sk_test_describe0123',
      MOYASAR_WEBHOOK_ENDPOINT_ID: 'only-to-describe-the-interface',
      MOYASAR_WEBHOOK_SECRET: 'only-to-describe-the-interface-0123456789',
    }),
  )
  try {
    return `${JSON.stringify(house.app.swagger(), null, 2)}\n`
  } finally {
    await house.close()
  }
}

const made = 'Made by `npm run docs`; a test keeps it true.'

function logEventsPage(): string {
  const rows = Object.entries(logEvents)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([event, meaning]) => `| \`${event}\` | ${meaning} |`)
  return `# Log lines

JSON, one line an outcome. \`event\` says which; \`trace_id\` joins the lines of one wish, \`linked_trace_ids\` those it belongs to as well. \`level\` 40 and
above wants to be read. ${made}

| event | tells |
|---|---|
${rows.join('\n')}
`
}

function errorsPage(): string {
  const rows = [...allProblems()]
    .toSorted(([a, { status: left }], [b, { status: right }]) => left - right || a.localeCompare(b))
    .map(([code, { status, title, retryable }]) => `| \`${code}\` | ${status} | ${retryable ? 'yes' : ''} | ${title.en} | ${title.ar} |`)
  return `# Errors

Every refusal is \`application/problem+json\` (RFC 9457). \`code\` is stable and is what a program looks at; \`title\` is for
people, in the language of \`Accept-Language\`. \`instance\` names the request in our log. «Again» says that the same request
may succeed later without a change; \`Retry-After\` then says when. ${made}

| code | status | again | English | Arabic |
|---|---|---|---|---|
${rows.join('\n')}
`
}

interface SettingWords {
  about: string
  fallback: string | null
  secret?: boolean
}

const known = Object.entries(settings) as [SettingName, SettingWords][]

function settingsPage(): string {
  const rows = known.map(
    ([name, { about, fallback, secret }]) =>
      `| \`${name}\` | ${about}${secret ? ' (secret)' : ''} | ${fallback === null ? 'must be set' : fallback === '' ? '' : `\`${fallback}\``} |`,
  )
  return `# Settings

Variables of the environment, read once at the start. A wrong one stops the start with a sentence that names it. \`npm start\`
sets those that must be set, for trying; a production sets its own. ${made}

| variable | meaning | default |
|---|---|---|
${rows.join('\n')}
`
}

function environmentExample(): string {
  const blocks = known.map(
    ([name, { about, fallback }]) =>
      `# ${about}${fallback?.includes(' ') ? `; ${fallback}` : ''}\n${fallback === null ? `${name}=` : `#${name}=${fallback.replace(/ .*/, '')}`}`,
  )
  return `# Copy to .env or set in your service manager. What has no # before it must be set. Made by \`npm run docs\`.\n\n${blocks.join('\n\n')}\n`
}
