import { randomUUID } from 'node:crypto'
import type { Locale } from '#foundation'
import type { DueTelling } from './queries.ts'
import { alertRules } from './rules/index.ts'
import type { AlertNotice } from './tell-operator.ts'

/** More than this in one message is not read. */
const shown = 5

const words = {
  ar: {
    urgent: 'ثابت – تنبيه عاجل',
    note: 'ثابت – تنبيه',
    over: 'ثابت – انتهى التنبيه',
    ended: 'انتهى',
    more: (count: number) => `وتنبيهات أخرى: ${count}`,
  },
  en: {
    urgent: 'Thabit – urgent alert',
    note: 'Thabit – alert',
    over: 'Thabit – alert over',
    ended: 'Over',
    more: (count: number) => `and ${count} more`,
  },
} as const

/** One message about all of them, the urgent first; what it is about is said in labels, never in names or numbers of people. */
export function writeAlerts(alerts: readonly DueTelling[], locale: Locale, publicUrl: string): AlertNotice {
  const say = words[locale]
  const sorted = alerts.toSorted((a, b) => Number(a.over) - Number(b.over) || a.severity.localeCompare(b.severity))
  const urgent = sorted.some(({ over, severity }) => !over && severity === 'page')
  const subject = urgent ? say.urgent : sorted.every(({ over }) => over) ? say.over : say.note
  const lines = sorted.slice(0, shown).map(({ name, labels, over }) => {
    const about = [labels['channel'], labels['provider'], labels['state'], labels['worker'], labels['country']].filter(Boolean).join(' ')
    const summary = alertRules[name]?.summary[locale] ?? name
    return `${over ? `${say.ended}: ` : '• '}${summary}${about === '' ? '' : ` (${about})`}`
  })
  const rest = sorted.length - lines.length
  const text = [subject, ...lines, ...(rest > 0 ? [say.more(rest)] : []), `${publicUrl}/ops`].join('\n')
  return { id: randomUUID(), subject, text, locale, urgent }
}
