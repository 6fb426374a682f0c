import { alertAreas, type AlertRule, durationText, toPromql } from '../server/operations/index.ts'

const areas = Object.entries(alertAreas) as [string, Record<string, AlertRule>][]
const titles: Record<string, string> = {
  messages: 'Messages',
  money: 'Money',
  sign_in: 'Signing in',
  saturation: 'Server, database, workers',
}

/** For Prometheus, as it is. Every text is written as JSON, which is YAML too. */
export function prometheusRules(made: string): string {
  const groups = areas.map(([area, rules]) => {
    const alerts = Object.entries(rules).map(([name, { severity, forSeconds, when, summary, runbook }]) =>
      [
        `      - alert: ${name}`,
        `        expr: ${JSON.stringify(toPromql(when))}`,
        `        for: ${durationText(forSeconds)}`,
        `        keep_firing_for: 1m`,
        `        labels:`,
        `          severity: ${severity}`,
        `        annotations:`,
        `          summary: ${JSON.stringify(summary.en)}`,
        `          summary_ar: ${JSON.stringify(summary.ar)}`,
        `          description: ${JSON.stringify(runbook)}`,
        `          runbook: ${JSON.stringify(`docs/reference/alerts.md#${name}`)}`,
      ].join('\n'),
    )
    return [`  - name: thabit_${area}`, `    interval: 30s`, `    rules:`, ...alerts].join('\n')
  })
  return `# The alerts of the house, for Prometheus. ${made}\ngroups:\n${groups.join('\n')}\n`
}

/** For people: what each alert means and what to do first. */
export function alertsPage(made: string): string {
  const parts = areas.map(([area, rules]) => {
    const entries = Object.entries(rules).map(
      ([name, { severity, forSeconds, when, summary, runbook }]) => `### ${name}

${summary.en}. · ${summary.ar}

- ${severity === 'page' ? 'pages' : 'ticket'}${forSeconds > 0 ? `, after ${durationText(forSeconds)}` : ', at once'}
- ${runbook}
- \`${toPromql(when)}\`
`,
    )
    return `## ${titles[area] ?? area}\n\n${entries.join('\n')}`
  })
  return `# Alerts

One table in \`server/operations/alerts/rules/\` makes this page, \`monitoring/prometheus-rules.yaml\` and what the built-in watch
judges. «pages» wakes somebody; «ticket» waits until somebody works. How to be told: \`docs/guides/watching-it.md\`. ${made}

${parts.join('\n')}`
}

interface Panel {
  title: string
  /** Legend and expression of each line. */
  lines: Record<string, string>
  unit?: string
  kind?: 'timeseries' | 'stat'
}

const rate = (metric: string, by: string) => `sum by (${by}) (rate(${metric}[5m]))`

/** The five areas; the fifth shows load and not tenants, whose names are no labels here. */
const rows: [string, Panel[]][] = [
  [
    'Money',
    [
      { title: 'Open, by state', lines: { '{{state}}': 'max by (state) (payment_open)' } },
      { title: 'Oldest open', lines: { '{{state}}': 'max by (state) (payment_open_oldest_age_seconds)' }, unit: 's' },
      {
        title: 'Differences, broken promises',
        lines: { '{{kind}}': 'max by (kind) (reconciliation_break_open)', '{{name}}': 'max by (name) (invariant_violation)' },
      },
      {
        title: 'Compared with the gateway',
        lines: { since: 'time() - max(reconciliation_last_success_timestamp_seconds)' },
        unit: 's',
        kind: 'stat',
      },
      { title: 'Payments moving', lines: { '{{from}} → {{to}}': rate('payment_state_total', 'from, to') } },
      { title: 'What found the end', lines: { '{{via}}': rate('janitor_resolved_total', 'via') } },
    ],
  ],
  [
    'Signing in',
    [
      {
        title: 'Funnel',
        lines: {
          'asked {{country}}': rate('otp_requested_total', 'country'),
          'sent {{country}}': rate('otp_sent_total', 'country'),
          'typed in {{country}}': rate('otp_verified_total', 'country'),
        },
      },
      { title: 'Typed in of those sent', lines: { '{{country}}': 'min by (country) (otp_conversion_ratio)' }, unit: 'percentunit' },
      {
        title: 'Sent, by range',
        lines: { '{{country}} {{prefix_bucket}}': 'topk(10, sum by (country, prefix_bucket) (increase(otp_sent_total[1h])))' },
      },
      { title: 'Stopped', lines: { '{{reason}}': rate('otp_blocked_total', 'reason') } },
      { title: 'Spent today', lines: { '{{purpose}}': 'sum by (purpose) (increase(sms_spend_minor[24h]))' }, kind: 'stat' },
    ],
  ],
  [
    'Messages',
    [
      { title: 'Errors: ended', lines: { '{{channel}} {{state}}': rate('notification_terminal_total', 'channel, state') } },
      {
        title: 'Lateness: oldest waiting',
        lines: { '{{channel}}': 'max by (channel) (notification_oldest_pending_age_seconds)' },
        unit: 's',
      },
      { title: 'Completeness: missing', lines: { '{{kind}}': 'max by (kind) (notification_missing)' }, kind: 'stat' },
      {
        title: 'Dead man: bookings and messages',
        lines: {
          confirmed: 'sum(rate(booking_state_total{to="confirmed"}[5m]))',
          ended: 'sum(rate(notification_terminal_total{kind!="canary"}[5m]))',
        },
      },
      {
        title: 'Canary',
        lines: {
          'taken {{channel}}': 'time() - max by (channel) (canary_last_success_timestamp_seconds)',
          'arrived {{channel}}': 'time() - max by (channel) (canary_last_delivered_timestamp_seconds)',
        },
        unit: 's',
      },
      {
        title: 'Attempts',
        lines: { '{{provider}} {{result}} {{error_type}}': rate('notification_attempt_total', 'provider, result, error_type') },
      },
      { title: 'Failed, nobody looked', lines: { '{{channel}}': 'max by (channel) (notification_unresolved_failed)' }, kind: 'stat' },
      {
        title: 'Commit to vendor, 99th',
        lines: {
          '{{channel}}': 'histogram_quantile(0.99, sum by (channel, le) (rate(notification_delivery_latency_seconds_bucket[15m])))',
        },
        unit: 's',
      },
      {
        title: 'Arrived, of those reported',
        lines: { '{{channel}}': 'min by (channel) (notification_delivered_ratio)' },
        unit: 'percentunit',
      },
    ],
  ],
  [
    'Saturation',
    [
      {
        title: 'Requests',
        lines: { '{{http_response_status_code}}': rate('http_server_request_duration_seconds_count', 'http_response_status_code') },
        unit: 'reqps',
      },
      {
        title: 'Making a booking, 99th',
        lines: {
          p99: 'histogram_quantile(0.99, sum by (le) (rate(http_server_request_duration_seconds_bucket{http_route="/v1/bookings",http_request_method="POST"}[15m])))',
        },
        unit: 's',
      },
      {
        title: 'Vendors, 99th',
        lines: {
          '{{provider}} {{operation}}':
            'histogram_quantile(0.99, sum by (provider, operation, le) (rate(external_call_duration_seconds_bucket[15m])))',
        },
        unit: 's',
      },
      { title: 'Circuits', lines: { '{{provider}} {{purpose}}': 'max by (provider, purpose) (circuit_state)' } },
      {
        title: 'Connections',
        lines: { '{{state}}': 'sum by (state) (db_client_connection_count)', waiting: 'sum(db_client_connection_pending_requests)' },
      },
      { title: 'Transactions run again', lines: { '{{sqlstate}}': rate('db_retry_total', 'sqlstate') } },
      { title: 'Event loop late, 99th', lines: { '{{instance}}': 'max by (instance) (nodejs_eventloop_delay_p99_seconds)' }, unit: 's' },
      { title: 'Heap', lines: { '{{instance}}': 'max by (instance) (nodejs_heap_size_used_bytes)' }, unit: 'bytes' },
      { title: 'Sweeps late', lines: { '{{worker}}': 'time() - min by (worker) (worker_due_timestamp_seconds)' }, unit: 's' },
      {
        title: 'Versions',
        lines: { '{{version}} {{node}}': 'count by (version, node) (build_info)', schema: 'max(schema_version)' },
        kind: 'stat',
      },
    ],
  ],
  [
    'Business',
    [
      { title: 'Bookings', lines: { '{{from}} → {{to}}': 'sum by (from, to) (increase(booking_state_total[1h]))' } },
      { title: 'Time was taken', lines: { conflicts: 'sum(increase(booking_conflict_total[1h]))' } },
      { title: 'Holds that ran out', lines: { expired: 'sum(increase(hold_expired_total[1h]))' } },
      { title: 'Messages by kind', lines: { '{{kind}}': 'sum by (kind) (increase(notification_enqueued_total[1h]))' } },
      { title: 'Firing', lines: { '{{alertname}}': 'sum by (alertname) (ALERTS{alertstate="firing"})' }, kind: 'stat' },
    ],
  ],
]

/** Every expression of the dashboard. */
export const dashboardExpressions: readonly string[] = rows.flatMap(([, panels]) => panels.flatMap(({ lines }) => Object.values(lines)))

const [columns, width, height] = [3, 8, 7]

/** To be imported into Grafana; its data source is asked for then. */
export function grafanaDashboard(): string {
  const datasource = { type: 'prometheus', uid: '${datasource}' }
  const panels: object[] = []
  let y = 0
  for (const [title, own] of rows) {
    panels.push({ id: panels.length + 1, type: 'row', title, collapsed: false, gridPos: { x: 0, y, w: 24, h: 1 }, panels: [] })
    y += 1
    for (const [index, { title: name, lines, unit = 'short', kind = 'timeseries' }] of own.entries()) {
      const gridPos = { x: (index % columns) * width, y: y + Math.floor(index / columns) * height, w: width, h: height }
      const targets = Object.entries(lines).map(([legendFormat, expr], line) => ({
        refId: String.fromCharCode(65 + line),
        datasource,
        expr,
        legendFormat,
      }))
      const id = panels.length + 1
      panels.push({
        id,
        type: kind,
        title: name,
        datasource,
        gridPos,
        fieldConfig: { defaults: { unit }, overrides: [] },
        options: {},
        targets,
      })
    }
    y += Math.ceil(own.length / columns) * height
  }
  const variable = { name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Prometheus', current: {}, hide: 0 }
  const dashboard = {
    uid: 'thabit',
    title: 'Thabit',
    tags: ['thabit'],
    schemaVersion: 39,
    version: 1,
    editable: true,
    timezone: 'Asia/Riyadh',
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: { list: [variable] },
    panels,
  }
  return `${JSON.stringify(dashboard, null, 2)}\n`
}
