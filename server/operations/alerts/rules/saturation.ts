import { above, all, type AlertRule, any, below, equals, hours, minutes } from './rule.ts'

const answered = { http_route: { not: ['/livez', '/readyz', '/startupz', '/statusz', '/metrics'] } }
const requests = { metric: 'http_server_request_duration_seconds_count', labels: answered }
const broken = {
  metric: 'http_server_request_duration_seconds_count',
  labels: { ...answered, http_response_status_code: ['500', '502', '503', '504'] },
}
const booking = { http_route: '/v1/bookings', http_request_method: 'POST' }

/** The server, its database, its workers and its clock. */
export const saturationRules = {
  requests_failing: {
    severity: 'page',
    forSeconds: 0,
    when: all(
      above({ share: broken, of: requests, overSeconds: hours(1) }, 0.0144),
      above({ share: broken, of: requests, overSeconds: minutes(5) }, 0.0144),
      above({ increase: broken, overSeconds: hours(1) }, 9),
    ),
    summary: { ar: 'طلبات كثيرة يجاب عنها بخطأ', en: 'Many requests are answered with an error' },
    runbook: 'http_server_request_duration_seconds by route says where. A vendor’s route: see vendor_down. All routes: see database_away.',
  },
  bookings_slow: {
    severity: 'ticket',
    forSeconds: 0,
    when: all(
      below(
        {
          share: { metric: 'http_server_request_duration_seconds_bucket', labels: { ...booking, le: '0.5' } },
          of: { metric: 'http_server_request_duration_seconds_count', labels: booking },
          overSeconds: hours(1),
        },
        0.9,
      ),
      above({ increase: { metric: 'http_server_request_duration_seconds_count', labels: booking }, overSeconds: hours(1) }, 19),
    ),
    summary: { ar: 'إنشاء الحجز بطيء', en: 'Making a booking is slow' },
    runbook:
      'With NOTIFICATION_DELIVERY=inline a slow vendor of messages is waited for: set it to queue. Else look at the pool and the event loop.',
  },
  database_away: {
    severity: 'page',
    forSeconds: 30,
    when: any(equals({ least: { metric: 'database_up' } }, 0), { absent: { metric: 'notification_oldest_pending_age_seconds' } }),
    summary: { ar: 'قاعدة البيانات لا تجيب', en: 'The database does not answer' },
    runbook: 'Is PostgreSQL up, are its connections used up, is its disk full? Servers keep running and are ready again by themselves.',
    business: {
      ar: 'النظام متوقف مؤقتاً ولا تُقبل حجوزات جديدة. المشغّل على علم ويتابع.',
      en: 'The system is down for the moment and takes no new bookings. The operator knows and is on it.',
    },
  },
  worker_stuck: {
    severity: 'page',
    forSeconds: 0,
    when: above({ secondsSince: { metric: 'worker_due_timestamp_seconds' } }, 120),
    summary: { ar: 'عمل دوري متوقف', en: 'A sweep is stuck' },
    runbook:
      'The label worker says which. /livez turns red after five minutes and a supervisor restarts the process; nothing is lost by that.',
  },
  worker_failing: {
    severity: 'ticket',
    forSeconds: 0,
    when: above({ increase: { metric: 'worker_failure_total' }, overSeconds: minutes(15) }, 3),
    summary: { ar: 'عمل دوري يفشل ويُعاد', en: 'A sweep fails and is run again' },
    runbook: 'The log has each failure with the sweep’s name.',
  },
  pool_exhausted: {
    severity: 'ticket',
    forSeconds: minutes(1),
    when: above({ most: { metric: 'db_client_connection_pending_requests' } }, 0),
    summary: { ar: 'طلبات تنتظر اتصالاً بقاعدة البيانات', en: 'Work waits for a database connection' },
    runbook: 'Slow statements or too few connections: look at pg_stat_activity first, raise DATABASE_POOL_SIZE second.',
  },
  event_loop_slow: {
    severity: 'ticket',
    forSeconds: minutes(5),
    when: above({ most: { metric: 'nodejs_eventloop_delay_p99_seconds' } }, 0.1),
    summary: { ar: 'الخادم مثقل', en: 'The server is overloaded' },
    runbook: 'Run one more process, or find what computes for long.',
  },
  clock_skewed: {
    severity: 'ticket',
    forSeconds: minutes(2),
    when: above({ most: { metric: 'clock_skew_seconds' } }, 2),
    summary: { ar: 'ساعة الخادم تخالف ساعة قاعدة البيانات', en: 'The server’s clock is not the database’s' },
    runbook: 'Deadlines that bind people are decided by the database’s clock, tokens by the server’s. Make both keep time (NTP).',
  },
} as const satisfies Record<string, AlertRule>
