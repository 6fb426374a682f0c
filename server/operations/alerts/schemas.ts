import { Type } from 'typebox'
import { Id, Instant, orNull, ref, TextPair } from '#http'

export const Alert = Type.Object(
  {
    id: Id,
    name: Type.String({ description: 'As in the alert rules; docs/reference/alerts.md says what to do.' }),
    severity: Type.String({ description: 'page: now; ticket: when you next work.' }),
    labels: Type.Record(Type.String(), Type.String(), { description: 'What it is about: channel, vendor, state.' }),
    summary: ref(TextPair),
    runbook: Type.String(),
    since: Instant,
    notifiedAt: orNull(Instant),
    resolvedAt: orNull(Instant),
  },
  { $id: 'Alert', description: 'An alert of the built-in watch.' },
)

export const BusinessAlert = Type.Object(
  { name: Type.String(), words: ref(TextPair), since: Instant },
  { $id: 'BusinessAlert', description: 'What those who act for a business should know while it lasts; they cannot mend it.' },
)

export const Alerts = Type.Object({
  items: Type.Array(ref(Alert), { description: 'Those that hold, pages first; then what ended within a day.' }),
})
export const BusinessAlerts = Type.Object({ items: Type.Array(ref(BusinessAlert)) })
