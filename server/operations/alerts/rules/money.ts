import { above, all, type AlertRule, below, hours, minutes } from './rule.ts'

/** Money whose end is open, and promises that are broken. */
export const moneyRules = {
  money_open: {
    severity: 'page',
    forSeconds: 0,
    when: above(
      {
        most: {
          metric: 'payment_open_oldest_age_seconds',
          labels: { state: ['intent', 'unknown', 'integrity_failure', 'refund_due', 'refund_unknown', 'refund_failed'] },
        },
      },
      900,
    ),
    summary: { ar: 'مبلغ لم يُعرف مصيره منذ ربع ساعة', en: 'Money whose end has been open for a quarter of an hour' },
    runbook:
      'The money page in /ops shows what was asked and answered. Settle again; if the gateway is down, wait for it; what differs is for you to decide.',
  },
  money_unknown_to_us: {
    severity: 'page',
    forSeconds: 0,
    when: above({ most: { metric: 'reconciliation_break_open', labels: { kind: 'paid_unknown_to_us' } } }, 0),
    summary: { ar: 'مبلغ مدفوع عند البوابة لا نعرفه', en: 'The gateway has money that we know nothing of' },
    runbook: 'On the money page in /ops adopt it, give it back, or write it off with a reason.',
  },
  money_not_compared: {
    severity: 'page',
    forSeconds: minutes(15),
    when: above({ secondsSince: { metric: 'reconciliation_last_success_timestamp_seconds' } }, hours(26)),
    summary: {
      ar: 'لم تُطابَق المدفوعات مع البوابة منذ أكثر من يوم',
      en: 'Payments have not been compared with the gateway for more than a day',
    },
    runbook: 'Press compare on the money page in /ops; what it answers, or the log of the sweep reconcile, says why it ends early.',
  },
  promise_broken: {
    severity: 'page',
    forSeconds: 0,
    when: above({ most: { metric: 'invariant_violation' } }, 0),
    summary: { ar: 'وعد من وعود النظام مكسور في قاعدة البيانات', en: 'A promise of the house is broken in the database' },
    runbook: 'The label name says which; its query stands in server/operations/queries.ts. Mend the rows by hand, keep a copy, report it.',
  },
  webhooks_late: {
    severity: 'ticket',
    forSeconds: 0,
    when: all(
      below(
        {
          share: { metric: 'webhook_lag_seconds_bucket', labels: { le: '60' } },
          of: { metric: 'webhook_lag_seconds_count' },
          overSeconds: hours(1),
        },
        0.9,
      ),
      above({ increase: { metric: 'webhook_lag_seconds_count' }, overSeconds: hours(1) }, 9),
    ),
    summary: { ar: 'إشعارات البوابة تُعالَج متأخرة', en: 'Webhooks are acted on late' },
    runbook: 'Payments still settle by asking. Look at the gateway’s circuit and at the sweep process-webhooks.',
  },
  vendor_down: {
    severity: 'page',
    forSeconds: minutes(1),
    when: above({ most: { metric: 'circuit_state' } }, 0),
    summary: { ar: 'مزوّد خارجي لا يجيب', en: 'An outside vendor does not answer' },
    runbook: 'The labels say who and for what. It is asked again every ten seconds; switch vendors if its status page promises nothing.',
    business: {
      ar: 'أحد المزوّدين الخارجيين لا يجيب حالياً، وقد تتأخر الرسائل أو الدفع. المشغّل على علم ويتابع.',
      en: 'An outside vendor does not answer at the moment; messages or payments may be late. The operator knows and is on it.',
    },
  },
  vendor_misconfigured: {
    severity: 'page',
    forSeconds: 0,
    when: above({ increase: { metric: 'external_call_misconfigured_total' }, overSeconds: minutes(15) }, 0),
    summary: { ar: 'مزوّد يرفض إعداداتنا: رصيد أو مفتاح أو اسم مرسل', en: 'A vendor refuses our settings: balance, key or sender name' },
    runbook: 'Its code stands in /ops at the attempt. Top up the account, renew the credential, or have the sender name approved.',
  },
} as const satisfies Record<string, AlertRule>
