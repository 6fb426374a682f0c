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
    notificationLatency: new Histogram({
      name: 'notification_delivery_latency_seconds',
      help: 'From the commit of a notification to the vendor that took it.',
      labelNames: ['channel'],
      buckets: [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900, 3_600, 14_400],
      registers,
    }),
    leasesReclaimed: new Counter({
      name: 'outbox_lease_reclaimed_total',
      help: 'Notifications taken over from a process that ended while it delivered them.',
      labelNames: ['channel'],
      registers,
    }),
    misconfigured: new Counter({
      name: 'external_call_misconfigured_total',
      help: 'Calls a vendor refused because of our own settings: a person must act.',
      labelNames: ['provider', 'operation'],
      registers,
    }),
    codesRequested: new Counter({
      name: 'otp_requested_total',
      help: 'One-time codes asked for, by country and bucket of the number’s prefix.',
      labelNames: ['country', 'prefix_bucket'],
      registers,
    }),
    codesSent: new Counter({
      name: 'otp_sent_total',
      help: 'One-time codes a vendor took.',
      labelNames: ['country', 'prefix_bucket'],
      registers,
    }),
    codesVerified: new Counter({
      name: 'otp_verified_total',
      help: 'One-time codes that somebody typed in.',
      labelNames: ['country', 'prefix_bucket'],
      registers,
    }),
    codesFailed: new Counter({
      name: 'otp_failed_total',
      help: 'One-time codes whose vendor refused, could not be reached or did not answer.',
      labelNames: ['country', 'outcome'],
      registers,
    }),
    codesBlocked: new Counter({
      name: 'otp_blocked_total',
      help: 'One-time codes that were asked for and not sent, by what stood in the way.',
      labelNames: ['reason'],
      registers,
    }),
    smsSpend: new Counter({
      name: 'sms_spend_minor',
      help: 'What messages cost by our own price list, in minor units, by what they are for.',
      labelNames: ['purpose', 'tenant_bucket'],
      registers,
    }),
    codePrefixesBlocked: new Gauge({
      name: 'otp_prefix_blocked',
      help: 'Ranges of numbers that get no codes now, because those sent to them are not used; must be 0.',
      registers,
    }),
    codeSpendShare: new Gauge({
      name: 'otp_spend_share',
      help: 'How much of what may be spent on codes in a day is spent, by country; at 1 sending stops.',
      labelNames: ['country'],
      registers,
    }),
    spans: new Counter({
      name: 'trace_spans_total',
      help: 'Spans handed to the collector, and spans that were dropped instead.',
      labelNames: ['result'],
      registers,
    }),
    webhookLag: new Histogram({
      name: 'webhook_lag_seconds',
      help: 'From a webhook’s arrival to what it led to.',
      labelNames: ['provider'],
      buckets: [0.5, 1, 2, 5, 15, 60, 300, 900, 3_600],
      registers,
    }),
    resolvedPayments: new Counter({
      name: 'janitor_resolved_total',
      help: 'Payments whose end was found by asking the gateway, by what made us ask.',
      labelNames: ['via'],
      registers,
    }),
    holdsExpired: new Counter({ name: 'hold_expired_total', help: 'Holds that ran out unpaid.', registers }),
    sweepsDue: new Gauge({
      name: 'worker_due_timestamp_seconds',
      help: 'Until when a sweep should have finished again.',
      labelNames: ['worker'],
      registers,
    }),
    operatorTold: new Counter({
      name: 'operator_told_total',
      help: 'Attempts to tell the operator of an alert.',
      labelNames: ['channel', 'result'],
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
