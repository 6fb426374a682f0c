import type { Condition } from '../expression.ts'
import { above, all, type AlertRule, any, days, equals, hours, minutes } from './rule.ts'

/* The house sends itself canaries all day: among the figures of a small clinic they would hide what customers were not told. */
const notCanary = { kind: { not: ['canary'] } }
const ended = { metric: 'notification_terminal_total', labels: { ...notCanary, state: ['SENT', 'FAILED'] } }
const failed = { metric: 'notification_terminal_total', labels: { ...notCanary, state: 'FAILED' } }

/** Of 99 % told: the budget burns this many times as fast as it may, over a long and a short window, and there were enough messages to say so. */
const burns = (times: number, longSeconds: number, shortSeconds: number, floor: number): Condition =>
  all(
    above({ share: failed, of: ended, overSeconds: longSeconds }, Number((times * 0.01).toFixed(3))),
    above({ share: failed, of: ended, overSeconds: shortSeconds }, Number((times * 0.01).toFixed(3))),
    above({ increase: ended, overSeconds: longSeconds }, floor - 1),
  )

const business = {
  ar: 'بعض الرسائل إلى عملائك متأخرة أو لم تصل. الحجوزات سليمة، والمشغّل على علم ويتابع.',
  en: 'Some messages to your customers are late or did not arrive. Bookings are safe; the operator knows and is on it.',
}

/** Errors, lateness, completeness, the dead man and the canary. */
export const messageRules = {
  messages_failing_fast: {
    severity: 'page',
    forSeconds: 0,
    when: burns(14.4, hours(1), minutes(5), 20),
    summary: { ar: 'رسائل كثيرة تفشل الآن', en: 'Many messages fail now' },
    runbook:
      'Look at /ops by vendor and error. A vendor that is down: put another first in NOTIFICATION_PROVIDER and restart. Then send the failed ones again.',
    business,
  },
  messages_failing: {
    severity: 'page',
    forSeconds: 0,
    when: burns(6, hours(6), minutes(30), 20),
    summary: { ar: 'رسائل تفشل منذ ساعات', en: 'Messages have been failing for hours' },
    runbook: 'As for messages_failing_fast; slower, so look for one channel, one kind or one country first.',
    business,
  },
  messages_failing_slowly: {
    severity: 'ticket',
    forSeconds: 0,
    when: burns(1, days(3), hours(6), 20),
    summary: { ar: 'أكثر من واحد بالمئة من الرسائل يفشل', en: 'More than one message in a hundred fails' },
    runbook: 'Group the failed messages by reason. Wrong numbers are for the businesses, refusals of a sender name are for the vendor.',
  },
  messages_late: {
    severity: 'page',
    forSeconds: 0,
    when: above({ most: { metric: 'notification_oldest_pending_age_seconds' } }, 300),
    summary: { ar: 'رسالة تنتظر منذ أكثر من خمس دقائق', en: 'A message has waited for more than five minutes' },
    runbook:
      'Look at the waiting ones in /ops: their attempts say whether a vendor refuses or nobody works. No attempts: is npm run work, or the server, running?',
    business,
  },
  messages_unattended: {
    severity: 'ticket',
    forSeconds: hours(1),
    when: above({ most: { metric: 'notification_unresolved_failed' } }, 0),
    summary: { ar: 'رسائل فاشلة لم يطّلع عليها أحد', en: 'Failed messages that nobody has looked at' },
    runbook: 'In /ops send each again, by another channel, or acknowledge it with a reason.',
  },
  messages_unattended_many: {
    severity: 'page',
    forSeconds: 0,
    when: any(
      above({ most: { metric: 'notification_unresolved_failed' } }, 20),
      above({ most: { metric: 'notification_unresolved_failed_oldest_age_seconds' } }, days(1)),
    ),
    summary: { ar: 'رسائل فاشلة كثيرة أو مضى عليها يوم', en: 'Many failed messages, or one a day old' },
    runbook: 'In /ops filter by reason and send all that match again; call whoever has an appointment tomorrow.',
    business,
  },
  messages_missing: {
    severity: 'page',
    forSeconds: 0,
    when: above({ most: { metric: 'notification_missing' } }, 0),
    summary: { ar: 'تغيّر حجز من دون رسالة مسجّلة', en: 'A booking changed and no message was written' },
    runbook:
      'A fault of ours. Find the bookings by the query notification_missing in server/operations/queries.ts, tell their customers, report it.',
    business,
  },
  messages_dead: {
    severity: 'page',
    forSeconds: minutes(2),
    when: all(
      above({ increase: { metric: 'booking_state_total', labels: { to: 'confirmed' } }, overSeconds: minutes(30) }, 0),
      equals({ increase: ended, overSeconds: minutes(30) }, 0),
    ),
    summary: { ar: 'حجوزات تُؤكَّد ولا رسالة تخرج', en: 'Bookings are confirmed and no message goes out' },
    runbook: 'Nothing is delivered at all. Is a worker running? Does the log say notification_interrupted? Restart the workers.',
    business,
  },
  canary_late: {
    severity: 'page',
    forSeconds: 0,
    when: above({ secondsSince: { metric: 'canary_last_success_timestamp_seconds' } }, minutes(30)),
    summary: { ar: 'رسائل الفحص الذاتي لا تصل إلى المزوّد', en: 'The canary’s messages are not taken by the vendor' },
    runbook: 'The canary takes the customers’ own way. Its attempts in /ops (kind canary) say where it ends.',
    business,
  },
  canary_undelivered: {
    severity: 'ticket',
    forSeconds: 0,
    when: above({ secondsSince: { metric: 'canary_last_delivered_timestamp_seconds' } }, hours(1)),
    summary: { ar: 'رسائل الفحص الذاتي لا تصل إلى الجوال', en: 'The canary’s messages are taken and do not arrive' },
    runbook: 'The vendor takes messages and reports no delivery. Look at its status page and at the address it sends reports to.',
  },
  messages_undelivered: {
    severity: 'ticket',
    forSeconds: 0,
    when: all(
      above({ share: { metric: 'notification_undelivered_total' }, of: ended, overSeconds: hours(1) }, 0.2),
      above({ increase: ended, overSeconds: hours(1) }, 19),
    ),
    summary: { ar: 'المزوّد يقبل رسائل ثم يقول إنها لم تصل', en: 'A vendor takes messages and reports them undelivered' },
    runbook: 'Compare vendors in /ops by delivery. A blocked sender name looks like this; ask the vendor.',
  },
  messages_reclaimed: {
    severity: 'ticket',
    forSeconds: 0,
    when: above({ increase: { metric: 'outbox_lease_reclaimed_total' }, overSeconds: hours(1) }, 5),
    summary: { ar: 'عمليات تنتهي وهي ترسل رسائل', en: 'Processes end while they deliver messages' },
    runbook: 'Something kills the workers: look for memory limits and restarts. Some messages may have gone out twice.',
  },
} as const satisfies Record<string, AlertRule>
