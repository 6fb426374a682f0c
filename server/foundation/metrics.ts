import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** Every figure the house counts, by its Prometheus name. Labels never hold a person, a phone or a business. */
export function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  return {
    registry,
    httpRequests: new Histogram({
      name: 'http_server_request_duration_seconds',
      help: 'Requests answered, by route and status.',
      labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    calls: new Histogram({
      name: 'external_call_duration_seconds',
      help: 'Calls that left the house, by vendor, operation and how they ended (ok, refused, unreachable, unknown).',
      labelNames: ['provider', 'operation', 'outcome', 'error_type'],
      buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 8, 15],
      registers,
    }),
    circuits: new Gauge({
      name: 'circuit_state',
      help: 'Circuit breaker of a vendor: 0 closed, 1 half open, 2 open.',
      labelNames: ['provider', 'purpose'],
      registers,
    }),
    notificationsEnqueued: new Counter({
      name: 'notification_enqueued_total',
      help: 'Notification rows written with a booking change.',
      labelNames: ['channel', 'kind'],
      registers,
    }),
    notificationAttempts: new Counter({
      name: 'notification_attempt_total',
      help: 'Attempts to hand a notification to a vendor.',
      labelNames: ['channel', 'provider', 'result', 'error_type'],
      registers,
    }),
    notificationsEnded: new Counter({
      name: 'notification_terminal_total',
      help: 'Notifications that ended, by state.',
      labelNames: ['channel', 'kind', 'state'],
      registers,
    }),
    notificationsUndelivered: new Counter({
      name: 'notification_undelivered_total',
      help: 'Notifications a vendor took and then reported as not delivered.',
      labelNames: ['provider'],
      registers,
    }),
    codes: new Counter({
      name: 'otp_total',
      help: 'One-time codes: requested, sent, refused, unreachable, unknown, verified, wrong, limited.',
      labelNames: ['event', 'country'],
      registers,
    }),
    paymentMoves: new Counter({
      name: 'payment_state_total',
      help: 'Payments that moved from one state to another.',
      labelNames: ['from', 'to'],
      registers,
    }),
    webhooks: new Counter({
      name: 'webhook_received_total',
      help: 'Webhooks by vendor and what became of them.',
      labelNames: ['provider', 'result'],
      registers,
    }),
    bookings: new Counter({
      name: 'booking_state_total',
      help: 'Bookings that moved from one state to another.',
      labelNames: ['from', 'to'],
      registers,
    }),
    conflicts: new Counter({ name: 'booking_conflict_total', help: 'Bookings refused because the time was taken.', registers }),
    transactionRetries: new Counter({
      name: 'db_retry_total',
      help: 'Transactions run again, by SQLSTATE.',
      labelNames: ['sqlstate'],
      registers,
    }),
    sweepRuns: new Gauge({
      name: 'worker_last_loop_timestamp_seconds',
      help: 'When a sweep last finished.',
      labelNames: ['worker'],
      registers,
    }),
    sweepFailures: new Counter({ name: 'worker_failure_total', help: 'Sweeps that threw.', labelNames: ['worker'], registers }),
  }
}

export type Metrics = ReturnType<typeof createMetrics>
