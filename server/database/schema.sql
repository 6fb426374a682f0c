-- The schema after every migration, made by `npm run docs` from a freshly migrated database. To read, not to run:
-- what runs is in migrations/.

create extension btree_gist;
create extension pg_trgm;

create table account (
  id uuid not null default gen_random_uuid(),
  display_name text,
  locale text not null default 'ar'::text,
  status text not null default 'active'::text,
  contact_email text,
  marketing_consent_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  constraint account_pkey PRIMARY KEY (id),
  constraint account_contact_email_check CHECK (contact_email ~ '^[^@\s]+@[^@\s]+$'::text AND length(contact_email) <= 254),
  constraint account_display_name_check CHECK (length(display_name) >= 1 AND length(display_name) <= 120),
  constraint account_locale_check CHECK (locale = ANY (ARRAY['ar'::text, 'en'::text])),
  constraint account_status_check CHECK (status = ANY (ARRAY['active'::text, 'disabled'::text]))
);

create table alert (
  id uuid not null default uuidv7(),
  name text not null,
  severity text not null,
  labels jsonb not null default '{}'::jsonb,
  since timestamp with time zone not null,
  fired_at timestamp with time zone,
  clear_since timestamp with time zone,
  resolved_at timestamp with time zone,
  telling_until timestamp with time zone,
  notified_at timestamp with time zone,
  resolution_told_at timestamp with time zone,
  constraint alert_pkey PRIMARY KEY (id),
  constraint alert_check CHECK (resolved_at IS NULL OR fired_at IS NOT NULL),
  constraint alert_severity_check CHECK (severity = ANY (ARRAY['page'::text, 'ticket'::text]))
);
CREATE UNIQUE INDEX alert_one ON public.alert USING btree (name) WHERE (resolved_at IS NULL);
CREATE INDEX alert_recent ON public.alert USING btree (resolved_at DESC) WHERE (resolved_at IS NOT NULL);

create table audit_entry (
  id uuid not null default uuidv7(),
  at timestamp with time zone not null default now(),
  actor_kind text not null,
  actor_id uuid,
  action text not null,
  subject text not null,
  subject_id uuid not null,
  business_id uuid,
  details jsonb not null default '{}'::jsonb,
  constraint audit_entry_pkey PRIMARY KEY (id),
  constraint audit_entry_actor_kind_check CHECK (actor_kind = ANY (ARRAY['customer'::text, 'staff'::text, 'operator'::text, 'system'::text, 'gateway'::text]))
);
CREATE INDEX audit_entry_subject ON public.audit_entry USING btree (subject_id, at);

create table booking (
  business_id uuid not null,
  id uuid not null default gen_random_uuid(),
  order_id uuid not null,
  account_id uuid not null,
  branch_id uuid not null,
  service_id uuid not null,
  reference text not null,
  status text not null,
  version integer not null default 1,
  reschedules integer not null default 0,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  zone text not null,
  expires_at timestamp with time zone,
  attendee_name text,
  note text,
  locale text not null,
  client_key text not null,
  cancelled_by text,
  cancel_reason text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  awaits text not null default 'payment'::text,
  tell_at timestamp with time zone,
  trace_parent text,
  constraint booking_pkey PRIMARY KEY (business_id, id),
  constraint booking_reference_key UNIQUE (reference),
  constraint booking_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id),
  constraint booking_business_id_branch_id_fkey FOREIGN KEY (business_id, branch_id) REFERENCES branch(business_id, id),
  constraint booking_business_id_order_id_fkey FOREIGN KEY (business_id, order_id) REFERENCES customer_order(business_id, id),
  constraint booking_business_id_service_id_fkey FOREIGN KEY (business_id, service_id) REFERENCES service(business_id, id),
  constraint booking_attendee_name_check CHECK (length(attendee_name) >= 1 AND length(attendee_name) <= 120),
  constraint booking_awaits_check CHECK (awaits = ANY (ARRAY['payment'::text, 'approval'::text])),
  constraint booking_cancel_reason_check CHECK (length(cancel_reason) >= 1 AND length(cancel_reason) <= 500),
  constraint booking_cancelled_by_check CHECK (cancelled_by = ANY (ARRAY['customer'::text, 'business'::text, 'system'::text])),
  constraint booking_check CHECK (ends_at > starts_at),
  constraint booking_check1 CHECK (status <> 'held'::text OR expires_at IS NOT NULL),
  constraint booking_client_key_check CHECK (length(client_key) >= 1 AND length(client_key) <= 255),
  constraint booking_locale_check CHECK (locale = ANY (ARRAY['ar'::text, 'en'::text])),
  constraint booking_note_check CHECK (length(note) >= 1 AND length(note) <= 500),
  constraint booking_reschedules_check CHECK (reschedules >= 0),
  constraint booking_status_check CHECK (status = ANY (ARRAY['held'::text, 'confirmed'::text, 'completed'::text, 'no_show'::text, 'cancelled'::text, 'expired'::text])),
  constraint booking_version_check CHECK (version > 0)
);
CREATE INDEX booking_account ON public.booking USING btree (account_id, created_at DESC, id DESC);
CREATE UNIQUE INDEX booking_client_key ON public.booking USING btree (account_id, client_key);
CREATE INDEX booking_day ON public.booking USING btree (business_id, starts_at);
CREATE INDEX booking_held ON public.booking USING btree (expires_at) WHERE (status = 'held'::text);
CREATE UNIQUE INDEX booking_id ON public.booking USING btree (id);
CREATE UNIQUE INDEX booking_order ON public.booking USING btree (order_id);
CREATE INDEX booking_to_tell ON public.booking USING btree (tell_at) WHERE ((status = ANY (ARRAY['held'::text, 'confirmed'::text])) AND (tell_at IS NOT NULL));

create table branch (
  business_id uuid not null,
  id uuid not null default gen_random_uuid(),
  name_ar text not null,
  name_en text not null,
  zone text not null,
  address_ar text not null default ''::text,
  address_en text not null default ''::text,
  constraint branch_pkey PRIMARY KEY (business_id, id),
  constraint branch_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(id),
  constraint branch_name_ar_check CHECK (length(name_ar) >= 1 AND length(name_ar) <= 120),
  constraint branch_name_en_check CHECK (length(name_en) >= 1 AND length(name_en) <= 120)
);

create table business (
  id uuid not null default gen_random_uuid(),
  slug text not null,
  name_ar text not null,
  name_en text not null,
  description_ar text not null default ''::text,
  description_en text not null default ''::text,
  currency text not null,
  cancellation jsonb not null default '[{"hoursBefore": 24, "refundPercent": 100}, {"hoursBefore": 0, "refundPercent": 0}]'::jsonb,
  free_reschedules integer,
  reschedule_hours_before integer not null default 0,
  status text not null default 'open'::text,
  created_at timestamp with time zone not null default now(),
  search_name text not null default search_form(((name_ar || ' '::text) || name_en)),
  constraint business_pkey PRIMARY KEY (id),
  constraint business_slug_key UNIQUE (slug),
  constraint business_cancellation_check CHECK (jsonb_typeof(cancellation) = 'array'::text),
  constraint business_currency_check CHECK (currency = ANY (ARRAY['SAR'::text, 'AED'::text, 'QAR'::text, 'KWD'::text, 'BHD'::text, 'OMR'::text])),
  constraint business_free_reschedules_check CHECK (free_reschedules >= 0),
  constraint business_name_ar_check CHECK (length(name_ar) >= 1 AND length(name_ar) <= 120),
  constraint business_name_en_check CHECK (length(name_en) >= 1 AND length(name_en) <= 120),
  constraint business_reschedule_hours_before_check CHECK (reschedule_hours_before >= 0 AND reschedule_hours_before <= 720),
  constraint business_slug_check CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text AND length(slug) <= 60),
  constraint business_status_check CHECK (status = ANY (ARRAY['open'::text, 'closed'::text]))
);
CREATE INDEX business_created ON public.business USING btree (created_at DESC, id DESC);
CREATE INDEX business_name ON public.business USING gin (search_name gin_trgm_ops);

create table claim (
  business_id uuid not null,
  id uuid not null default gen_random_uuid(),
  resource_id uuid not null,
  holder_id uuid not null,
  during tstzrange not null,
  state text not null,
  held_until timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  constraint claim_pkey PRIMARY KEY (business_id, id),
  constraint claim_no_overlap EXCLUDE USING gist (business_id WITH =, resource_id WITH =, during WITH &&) WHERE (state = ANY (ARRAY['held'::text, 'booked'::text])),
  constraint claim_business_id_resource_id_fkey FOREIGN KEY (business_id, resource_id) REFERENCES resource(business_id, id),
  constraint claim_check CHECK ((state = 'held'::text) = (held_until IS NOT NULL) OR state = 'released'::text),
  constraint claim_during_check CHECK (NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during) AND lower_inc(during) AND NOT upper_inc(during) AND (upper(during) - lower(during)) <= '31 days'::interval),
  constraint claim_state_check CHECK (state = ANY (ARRAY['held'::text, 'booked'::text, 'released'::text]))
);
CREATE INDEX claim_holder ON public.claim USING btree (business_id, holder_id);

create table closure (
  business_id uuid not null,
  id uuid not null default gen_random_uuid(),
  branch_id uuid not null,
  resource_id uuid,
  during tstzrange not null,
  reason_ar text not null default ''::text,
  reason_en text not null default ''::text,
  constraint closure_pkey PRIMARY KEY (business_id, id),
  constraint closure_business_id_branch_id_fkey FOREIGN KEY (business_id, branch_id) REFERENCES branch(business_id, id),
  constraint closure_business_id_resource_id_fkey FOREIGN KEY (business_id, resource_id) REFERENCES resource(business_id, id),
  constraint closure_during_check CHECK (NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during))
);
CREATE INDEX closure_during ON public.closure USING gist (business_id, branch_id, during);

create table code_challenge (
  id uuid not null default gen_random_uuid(),
  phone text not null,
  country text not null,
  prefix text not null,
  asked_from text not null,
  locale text not null,
  code_hmac bytea not null,
  attempts integer not null default 0,
  delivery text not null default 'pending'::text,
  used_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  constraint code_challenge_pkey PRIMARY KEY (id),
  constraint code_challenge_attempts_check CHECK (attempts >= 0 AND attempts <= 5),
  constraint code_challenge_delivery_check CHECK (delivery = ANY (ARRAY['pending'::text, 'sent'::text, 'refused'::text, 'unreachable'::text, 'unknown'::text])),
  constraint code_challenge_locale_check CHECK (locale = ANY (ARRAY['ar'::text, 'en'::text])),
  constraint code_challenge_phone_check CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'::text)
);
CREATE INDEX code_challenge_asked_from ON public.code_challenge USING btree (asked_from, created_at);
CREATE INDEX code_challenge_created_at ON public.code_challenge USING btree (created_at);
CREATE INDEX code_challenge_expires_at ON public.code_challenge USING btree (expires_at);
CREATE INDEX code_challenge_prefix ON public.code_challenge USING btree (prefix, created_at);

create table code_limit (
  scope text not null,
  key text not null,
  window_start timestamp with time zone not null,
  used integer not null,
  constraint code_limit_pkey PRIMARY KEY (scope, key, window_start),
  constraint code_limit_used_check CHECK (used >= 0)
);
CREATE INDEX code_limit_window ON public.code_limit USING btree (window_start);

create table code_pause (
  phone text not null,
  challenge_id uuid not null,
  until timestamp with time zone not null,
  constraint code_pause_pkey PRIMARY KEY (phone)
);

create table customer_order (
  business_id uuid not null,
  id uuid not null default gen_random_uuid(),
  account_id uuid not null,
  amount_minor bigint not null,
  due_now_minor bigint not null,
  payment_kind text not null,
  currency text not null,
  cancellation jsonb not null,
  free_reschedules integer,
  reschedule_hours_before integer not null default 0,
  created_at timestamp with time zone not null default now(),
  constraint customer_order_pkey PRIMARY KEY (business_id, id),
  constraint customer_order_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id),
  constraint customer_order_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(id),
  constraint customer_order_amount_minor_check CHECK (amount_minor >= 0),
  constraint customer_order_free_reschedules_check CHECK (free_reschedules >= 0),
  constraint customer_order_parts CHECK (
CASE payment_kind
    WHEN 'full'::text THEN amount_minor > 0 AND due_now_minor = amount_minor
    WHEN 'deposit'::text THEN due_now_minor > 0 AND due_now_minor < amount_minor
    WHEN 'at_place'::text THEN amount_minor > 0 AND due_now_minor = 0
    WHEN 'free'::text THEN amount_minor = 0 AND due_now_minor = 0
    ELSE false
END),
  constraint customer_order_reschedule_hours_before_check CHECK (reschedule_hours_before >= 0)
);

create table delivery_report (
  id uuid not null default uuidv7(),
  provider text not null,
  verified text not null,
  provider_message_id text not null,
  said text not null,
  delivery text,
  error_code text,
  our_id uuid,
  permanent boolean not null default false,
  said_at timestamp with time zone,
  received_at timestamp with time zone not null default now(),
  notification_id uuid,
  merged_at timestamp with time zone,
  looks integer not null default 0,
  look_at timestamp with time zone not null default now(),
  constraint delivery_report_pkey PRIMARY KEY (id),
  constraint delivery_report_provider_provider_message_id_said_said_at_v_key UNIQUE NULLS NOT DISTINCT (provider, provider_message_id, said, said_at, verified),
  constraint delivery_report_notification_id_fkey FOREIGN KEY (notification_id) REFERENCES notification(id),
  constraint delivery_report_delivery_check CHECK (delivery = ANY (ARRAY['accepted'::text, 'sent'::text, 'delivered'::text, 'undelivered'::text, 'read'::text])),
  constraint delivery_report_verified_check CHECK (verified = ANY (ARRAY['signature'::text, 'path'::text, 'look_up'::text]))
);
CREATE INDEX delivery_report_of ON public.delivery_report USING btree (notification_id) WHERE (notification_id IS NOT NULL);
CREATE INDEX delivery_report_ours ON public.delivery_report USING btree (our_id) WHERE ((merged_at IS NULL) AND (our_id IS NOT NULL));
CREATE INDEX delivery_report_waiting ON public.delivery_report USING btree (look_at) WHERE (merged_at IS NULL);

create table idempotency_key (
  actor text not null,
  key text not null,
  fingerprint text not null,
  response_status integer,
  response_body jsonb,
  locked_until timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  constraint idempotency_key_pkey PRIMARY KEY (actor, key),
  constraint idempotency_key_key_check CHECK (length(key) >= 1 AND length(key) <= 255)
);
CREATE INDEX idempotency_key_created_at ON public.idempotency_key USING btree (created_at);

create table ledger_entry (
  business_id uuid not null,
  id uuid not null default uuidv7(),
  kind text not null,
  debit text not null,
  credit text not null,
  amount_minor bigint not null,
  currency text not null,
  payable_id uuid not null,
  payment_id uuid not null,
  fact text not null,
  posted_at timestamp with time zone not null default now(),
  constraint ledger_entry_pkey PRIMARY KEY (business_id, id),
  constraint ledger_entry_business_id_fact_key UNIQUE (business_id, fact),
  constraint ledger_entry_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(id),
  constraint ledger_entry_amount_minor_check CHECK (amount_minor > 0),
  constraint ledger_entry_check CHECK (debit <> credit),
  constraint ledger_entry_credit_check CHECK (credit = ANY (ARRAY['gateway'::text, 'order'::text, 'fees'::text, 'written_off'::text])),
  constraint ledger_entry_debit_check CHECK (debit = ANY (ARRAY['gateway'::text, 'order'::text, 'fees'::text, 'written_off'::text])),
  constraint ledger_entry_kind_check CHECK (kind = ANY (ARRAY['charge'::text, 'fee'::text, 'fee_undone'::text, 'refund'::text, 'refund_undone'::text, 'write_off'::text]))
);
CREATE INDEX ledger_entry_payable ON public.ledger_entry USING btree (payable_id, posted_at);
CREATE INDEX ledger_entry_payment ON public.ledger_entry USING btree (payment_id);
CREATE INDEX ledger_entry_posted ON public.ledger_entry USING btree (posted_at);

create table login_identifier (
  id uuid not null default gen_random_uuid(),
  account_id uuid not null,
  kind text not null,
  value text not null,
  verified_at timestamp with time zone,
  active_from timestamp with time zone not null default now(),
  active_to timestamp with time zone,
  constraint login_identifier_pkey PRIMARY KEY (id),
  constraint login_identifier_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id),
  constraint login_identifier_check CHECK (active_to > active_from),
  constraint login_identifier_kind_check CHECK (kind = 'phone'::text),
  constraint login_identifier_value_check CHECK (value ~ '^\+[1-9][0-9]{6,14}$'::text)
);
CREATE INDEX login_identifier_account ON public.login_identifier USING btree (account_id);
CREATE UNIQUE INDEX login_identifier_one_account ON public.login_identifier USING btree (kind, value) WHERE (active_to IS NULL);

create table messaging_choice (
  business_id uuid not null,
  channels text[] not null default '{sms}'::text[],
  providers text[] not null default '{}'::text[],
  reminder_minutes integer[] not null default '{1440,120}'::integer[],
  staff_told boolean not null default true,
  receipt_apart boolean not null default false,
  updated_at timestamp with time zone not null default now(),
  constraint messaging_choice_pkey PRIMARY KEY (business_id),
  constraint messaging_choice_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(id),
  constraint messaging_choice_channels_check CHECK (channels <@ '{sms,whatsapp,email}'::text[] AND cardinality(channels) >= 1 AND cardinality(channels) <= 3),
  constraint messaging_choice_reminder_minutes_check CHECK (cardinality(reminder_minutes) <= 4)
);

create table metric_sample (
  process uuid not null,
  at timestamp with time zone not null,
  figures jsonb not null,
  constraint metric_sample_pkey PRIMARY KEY (process, at)
);
CREATE INDEX metric_sample_at ON public.metric_sample USING btree (at);

create table money_difference (
  id uuid not null default uuidv7(),
  business_id uuid,
  kind text not null,
  subject text not null,
  payment_id uuid,
  refund_id uuid,
  gateway_charge_id text,
  ours_minor bigint,
  theirs_minor bigint,
  currency text,
  details jsonb not null default '{}'::jsonb,
  opened_at timestamp with time zone not null default now(),
  last_seen_at timestamp with time zone not null default now(),
  resolved_at timestamp with time zone,
  resolution text,
  resolved_by uuid,
  reason text,
  constraint money_difference_pkey PRIMARY KEY (id),
  constraint money_difference_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(id),
  constraint money_difference_check CHECK ((resolved_at IS NULL) = (resolution IS NULL)),
  constraint money_difference_kind_check CHECK (kind = ANY (ARRAY['paid_unknown_to_us'::text, 'paid_here_not_there'::text, 'amount_differs'::text, 'refund_differs'::text, 'second_page_paid'::text, 'refund_failed'::text, 'integrity_failure'::text, 'chargeback'::text])),
  constraint money_difference_reason_check CHECK (length(reason) >= 1 AND length(reason) <= 500),
  constraint money_difference_resolution_check CHECK (resolution = ANY (ARRAY['repaired'::text, 'adopted'::text, 'refunded'::text, 'written_off'::text]))
);
CREATE INDEX money_difference_charge ON public.money_difference USING btree (gateway_charge_id) WHERE (gateway_charge_id IS NOT NULL);
CREATE UNIQUE INDEX money_difference_open ON public.money_difference USING btree (kind, subject) WHERE (resolved_at IS NULL);
CREATE INDEX money_difference_payment ON public.money_difference USING btree (payment_id) WHERE (payment_id IS NOT NULL);

create table notification (
  id uuid not null default uuidv7(),
  business_id uuid not null,
  about_id uuid not null,
  kind text not null,
  version integer not null,
  occasion text not null default ''::text,
  channel text not null,
  recipient text not null,
  phone text,
  locale text not null,
  data jsonb not null,
  state text not null default 'PENDING'::text,
  reason text,
  attempts integer not null default 0,
  tries integer not null default 0,
  lease_until timestamp with time zone,
  next_attempt_at timestamp with time zone not null default now(),
  not_after timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  ended_at timestamp with time zone,
  error_class text,
  stands_in_for uuid,
  delivery text,
  delivery_at timestamp with time zone,
  acknowledged_at timestamp with time zone,
  acknowledged_by uuid,
  acknowledged_reason text,
  redrive_at timestamp with time zone,
  redrive_by uuid,
  follow_up_at timestamp with time zone,
  follow_ups integer not null default 0,
  trace_parent text,
  constraint notification_pkey PRIMARY KEY (id),
  constraint notification_about_id_kind_version_occasion_channel_recipie_key UNIQUE (about_id, kind, version, occasion, channel, recipient),
  constraint notification_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(id),
  constraint notification_stands_in_for_fkey FOREIGN KEY (stands_in_for) REFERENCES notification(id),
  constraint notification_channel_check CHECK (channel = ANY (ARRAY['sms'::text, 'email'::text, 'whatsapp'::text])),
  constraint notification_check CHECK ((state = 'PENDING'::text) = (ended_at IS NULL)),
  constraint notification_check1 CHECK ((acknowledged_at IS NULL) = (acknowledged_reason IS NULL)),
  constraint notification_check2 CHECK ((redrive_at IS NULL) = (redrive_by IS NULL)),
  constraint notification_check3 CHECK ((state <> ALL (ARRAY['FAILED'::text, 'SKIPPED'::text])) OR reason IS NOT NULL),
  constraint notification_delivery_check CHECK (delivery = ANY (ARRAY['accepted'::text, 'sent'::text, 'delivered'::text, 'undelivered'::text, 'read'::text])),
  constraint notification_error_class_check CHECK (error_class = ANY (ARRAY['permanent'::text, 'temporary'::text, 'configuration'::text, 'ambiguous'::text, 'fault'::text])),
  constraint notification_locale_check CHECK (locale = ANY (ARRAY['ar'::text, 'en'::text])),
  constraint notification_state_check CHECK (state = ANY (ARRAY['PENDING'::text, 'SENT'::text, 'FAILED'::text, 'SKIPPED'::text]))
);
CREATE INDEX notification_about ON public.notification USING btree (about_id);
CREATE INDEX notification_canary ON public.notification USING btree (channel, created_at) WHERE (kind = 'canary'::text);
CREATE INDEX notification_failed ON public.notification USING btree (channel, created_at) WHERE ((state = 'FAILED'::text) AND (acknowledged_at IS NULL));
CREATE INDEX notification_follow_up ON public.notification USING btree (follow_up_at) WHERE (follow_up_at IS NOT NULL);
CREATE INDEX notification_listed ON public.notification USING btree (created_at DESC, id DESC);
CREATE INDEX notification_pending ON public.notification USING btree (next_attempt_at) WHERE (state = 'PENDING'::text);
CREATE INDEX notification_pending_of ON public.notification USING btree (business_id, next_attempt_at) WHERE (state = 'PENDING'::text);
CREATE INDEX notification_recipient ON public.notification USING btree (recipient, ended_at DESC) WHERE (state = ANY (ARRAY['SENT'::text, 'FAILED'::text]));
CREATE INDEX notification_redrive ON public.notification USING btree (redrive_at) WHERE (redrive_at IS NOT NULL);
CREATE INDEX notification_stands_in ON public.notification USING btree (stands_in_for) WHERE (stands_in_for IS NOT NULL);
CREATE INDEX notification_undelivered ON public.notification USING btree (channel, created_at) WHERE ((delivery = 'undelivered'::text) AND (acknowledged_at IS NULL));

create table notification_attempt (
  id uuid not null default uuidv7(),
  notification_id uuid not null,
  provider text not null,
  started_at timestamp with time zone not null default now(),
  finished_at timestamp with time zone,
  result text,
  error_type text,
  error_class text,
  detail text,
  provider_message_id text,
  constraint notification_attempt_pkey PRIMARY KEY (id),
  constraint notification_attempt_notification_id_fkey FOREIGN KEY (notification_id) REFERENCES notification(id),
  constraint notification_attempt_error_class_check CHECK (error_class = ANY (ARRAY['permanent'::text, 'temporary'::text, 'configuration'::text, 'ambiguous'::text, 'fault'::text])),
  constraint notification_attempt_result_check CHECK (result = ANY (ARRAY['ok'::text, 'refused'::text, 'unreachable'::text, 'unknown'::text]))
);
CREATE INDEX notification_attempt_of ON public.notification_attempt USING btree (notification_id, started_at);
CREATE INDEX notification_attempt_said ON public.notification_attempt USING btree (provider, provider_message_id) WHERE (provider_message_id IS NOT NULL);

create table opening_rule (
  business_id uuid not null,
  id uuid not null default gen_random_uuid(),
  branch_id uuid not null,
  resource_id uuid,
  kind text not null,
  weekday integer not null,
  start_minute integer not null,
  length_minutes integer not null,
  constraint opening_rule_pkey PRIMARY KEY (business_id, id),
  constraint opening_rule_business_id_branch_id_fkey FOREIGN KEY (business_id, branch_id) REFERENCES branch(business_id, id),
  constraint opening_rule_business_id_resource_id_fkey FOREIGN KEY (business_id, resource_id) REFERENCES resource(business_id, id),
  constraint opening_rule_kind_check CHECK (kind = ANY (ARRAY['open'::text, 'break'::text])),
  constraint opening_rule_length_minutes_check CHECK (length_minutes >= 5 AND length_minutes <= 1440),
  constraint opening_rule_start_minute_check CHECK (start_minute >= 0 AND start_minute <= 1439),
  constraint opening_rule_weekday_check CHECK (weekday >= 1 AND weekday <= 7)
);
CREATE INDEX opening_rule_branch ON public.opening_rule USING btree (business_id, branch_id);

create table payment (
  id uuid not null default gen_random_uuid(),
  business_id uuid not null,
  payable_id uuid not null,
  client_key text not null,
  provider text not null,
  gateway_ref text,
  gateway_charge_id text,
  amount_minor bigint not null,
  currency text not null,
  state text not null,
  disposition text,
  disposition_reason text,
  redirect_url text,
  failure_reason text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  next_check_at timestamp with time zone,
  calling_until timestamp with time zone,
  checks integer not null default 0,
  last_checked_at timestamp with time zone,
  trace_parent text,
  constraint payment_pkey PRIMARY KEY (id),
  constraint payment_gateway_charge_id_key UNIQUE (gateway_charge_id),
  constraint payment_gateway_ref_key UNIQUE (gateway_ref),
  constraint payment_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(id),
  constraint payment_amount_minor_check CHECK (amount_minor > 0),
  constraint payment_check CHECK ((state = 'paid'::text) = (disposition IS NOT NULL)),
  constraint payment_client_key_check CHECK (length(client_key) >= 1 AND length(client_key) <= 255),
  constraint payment_disposition_check CHECK (disposition = ANY (ARRAY['applied'::text, 'applied_late'::text, 'refund_due'::text])),
  constraint payment_state_check CHECK (state = ANY (ARRAY['intent'::text, 'redirected'::text, 'unknown'::text, 'paid'::text, 'failed'::text, 'expired'::text, 'integrity_failure'::text]))
);
CREATE UNIQUE INDEX payment_client_key ON public.payment USING btree (payable_id, client_key);
CREATE INDEX payment_created ON public.payment USING btree (created_at DESC, id DESC);
CREATE INDEX payment_due ON public.payment USING btree (next_check_at) WHERE (next_check_at IS NOT NULL);
CREATE UNIQUE INDEX payment_one_open ON public.payment USING btree (payable_id) WHERE (state = ANY (ARRAY['intent'::text, 'redirected'::text, 'unknown'::text]));

create table payment_check (
  payment_id uuid not null,
  id uuid not null default uuidv7(),
  asked_at timestamp with time zone not null default clock_timestamp(),
  via text not null,
  answer text not null,
  error_type text,
  constraint payment_check_pkey PRIMARY KEY (payment_id, id)
);

create table reconciliation (
  id uuid not null default uuidv7(),
  started_at timestamp with time zone not null default now(),
  lease_until timestamp with time zone not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  database_identity text not null,
  by_account uuid,
  finished_at timestamp with time zone,
  complete boolean not null default false,
  seen integer not null default 0,
  repaired integer not null default 0,
  opened integer not null default 0,
  error text,
  constraint reconciliation_pkey PRIMARY KEY (id)
);
CREATE INDEX reconciliation_finished ON public.reconciliation USING btree (finished_at DESC) WHERE complete;
CREATE UNIQUE INDEX reconciliation_one ON public.reconciliation USING btree ((true)) WHERE (finished_at IS NULL);

create table refresh_token (
  id uuid not null default gen_random_uuid(),
  session_id uuid not null,
  token_hash bytea not null,
  created_at timestamp with time zone not null default now(),
  used_at timestamp with time zone,
  constraint refresh_token_pkey PRIMARY KEY (id),
  constraint refresh_token_token_hash_key UNIQUE (token_hash),
  constraint refresh_token_session_id_fkey FOREIGN KEY (session_id) REFERENCES session(id)
);
CREATE INDEX refresh_token_session ON public.refresh_token USING btree (session_id);

create table refund (
  id uuid not null default gen_random_uuid(),
  payment_id uuid,
  difference_id uuid,
  currency text,
  gateway_charge_id text not null,
  amount_minor bigint not null,
  reason text not null,
  requested_by uuid,
  note text,
  client_key text,
  state text not null,
  expected_total_minor bigint,
  failure_reason text,
  way text,
  attempts integer not null default 0,
  next_try_at timestamp with time zone,
  set_aside_at timestamp with time zone,
  trace_parent text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint refund_pkey PRIMARY KEY (id),
  constraint refund_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payment(id),
  constraint refund_amount_minor_check CHECK (amount_minor > 0),
  constraint refund_check CHECK (payment_id IS NOT NULL OR difference_id IS NOT NULL AND currency IS NOT NULL),
  constraint refund_client_key_check CHECK (length(client_key) >= 1 AND length(client_key) <= 255),
  constraint refund_note_check CHECK (length(note) >= 1 AND length(note) <= 500),
  constraint refund_state_check CHECK (state = ANY (ARRAY['due'::text, 'sent'::text, 'unknown'::text, 'refunded'::text, 'failed'::text])),
  constraint refund_way_check CHECK (way = ANY (ARRAY['void'::text, 'refund'::text]))
);
CREATE INDEX refund_charge ON public.refund USING btree (gateway_charge_id);
CREATE UNIQUE INDEX refund_client_key ON public.refund USING btree (payment_id, requested_by, client_key);
CREATE UNIQUE INDEX refund_difference ON public.refund USING btree (difference_id) WHERE (difference_id IS NOT NULL);
CREATE INDEX refund_due ON public.refund USING btree (next_try_at) WHERE (next_try_at IS NOT NULL);
CREATE UNIQUE INDEX refund_one_open ON public.refund USING btree (gateway_charge_id) WHERE (state = ANY (ARRAY['sent'::text, 'unknown'::text]));
CREATE INDEX refund_payment ON public.refund USING btree (payment_id, gateway_charge_id);

create table requirement (
  business_id uuid not null,
  id uuid not null default gen_random_uuid(),
  service_id uuid not null,
  position integer not null,
  choosable boolean not null default false,
  constraint requirement_pkey PRIMARY KEY (business_id, id),
  constraint requirement_business_id_service_id_position_key UNIQUE (business_id, service_id, "position"),
  constraint requirement_business_id_service_id_fkey FOREIGN KEY (business_id, service_id) REFERENCES service(business_id, id),
  constraint requirement_position_check CHECK ("position" >= 0)
);

create table requirement_resource (
  business_id uuid not null,
  requirement_id uuid not null,
  resource_id uuid not null,
  constraint requirement_resource_pkey PRIMARY KEY (business_id, requirement_id, resource_id),
  constraint requirement_resource_business_id_requirement_id_fkey FOREIGN KEY (business_id, requirement_id) REFERENCES requirement(business_id, id),
  constraint requirement_resource_business_id_resource_id_fkey FOREIGN KEY (business_id, resource_id) REFERENCES resource(business_id, id)
);

create table resource (
  business_id uuid not null,
  id uuid not null default gen_random_uuid(),
  branch_id uuid not null,
  kind text not null,
  name_ar text not null,
  name_en text not null,
  position integer not null default 0,
  active boolean not null default true,
  constraint resource_pkey PRIMARY KEY (business_id, id),
  constraint resource_business_id_branch_id_fkey FOREIGN KEY (business_id, branch_id) REFERENCES branch(business_id, id),
  constraint resource_kind_check CHECK (kind = ANY (ARRAY['staff'::text, 'room'::text, 'court'::text, 'unit'::text, 'equipment'::text])),
  constraint resource_name_ar_check CHECK (length(name_ar) >= 1 AND length(name_ar) <= 120),
  constraint resource_name_en_check CHECK (length(name_en) >= 1 AND length(name_en) <= 120)
);
CREATE INDEX resource_branch ON public.resource USING btree (business_id, branch_id);
CREATE UNIQUE INDEX resource_id ON public.resource USING btree (id);

create table role_grant (
  id uuid not null default gen_random_uuid(),
  account_id uuid not null,
  role text not null,
  business_id uuid,
  granted_at timestamp with time zone not null default now(),
  constraint role_grant_pkey PRIMARY KEY (id),
  constraint role_grant_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id),
  constraint role_grant_check CHECK ((role = 'platform_admin'::text) = (business_id IS NULL)),
  constraint role_grant_role_check CHECK (role = ANY (ARRAY['platform_admin'::text, 'owner'::text, 'staff'::text]))
);
CREATE UNIQUE INDEX role_grant_once ON public.role_grant USING btree (account_id, role, business_id) NULLS NOT DISTINCT;

create table schema_migration (
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now(),
  constraint schema_migration_pkey PRIMARY KEY (name)
);

create table service (
  business_id uuid not null,
  id uuid not null default gen_random_uuid(),
  branch_id uuid not null,
  name_ar text not null,
  name_en text not null,
  description_ar text not null default ''::text,
  description_en text not null default ''::text,
  duration_minutes integer not null,
  buffer_before_minutes integer not null default 0,
  buffer_after_minutes integer not null default 0,
  step_minutes integer not null default 30,
  notice_minutes integer not null default 60,
  horizon_days integer not null default 30,
  price_minor bigint not null,
  payment_kind text not null default 'full'::text,
  deposit_minor bigint,
  deposit_percent integer,
  approval_hours integer,
  position integer not null default 0,
  active boolean not null default true,
  constraint service_pkey PRIMARY KEY (business_id, id),
  constraint service_business_id_branch_id_fkey FOREIGN KEY (business_id, branch_id) REFERENCES branch(business_id, id),
  constraint service_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(id),
  constraint service_approval_hours_check CHECK (approval_hours >= 1 AND approval_hours <= 72),
  constraint service_buffer_after_minutes_check CHECK (buffer_after_minutes >= 0 AND buffer_after_minutes <= 240),
  constraint service_buffer_before_minutes_check CHECK (buffer_before_minutes >= 0 AND buffer_before_minutes <= 240),
  constraint service_check CHECK (approval_hours IS NULL OR (payment_kind = ANY (ARRAY['at_place'::text, 'free'::text]))),
  constraint service_deposit CHECK ((payment_kind = 'deposit'::text) = (num_nonnulls(deposit_minor, deposit_percent) = 1) AND num_nonnulls(deposit_minor, deposit_percent) <= 1 AND (deposit_minor IS NULL OR deposit_minor >= 100 AND deposit_minor <= (price_minor - 1)) AND (deposit_percent IS NULL OR (price_minor * deposit_percent) >= 10000)),
  constraint service_deposit_percent_check CHECK (deposit_percent >= 1 AND deposit_percent <= 99),
  constraint service_duration_minutes_check CHECK (duration_minutes >= 5 AND duration_minutes <= 1440),
  constraint service_free_costs_nothing CHECK ((payment_kind = 'free'::text) = (price_minor = 0)),
  constraint service_horizon_days_check CHECK (horizon_days >= 1 AND horizon_days <= 365),
  constraint service_name_ar_check CHECK (length(name_ar) >= 1 AND length(name_ar) <= 120),
  constraint service_name_en_check CHECK (length(name_en) >= 1 AND length(name_en) <= 120),
  constraint service_notice_minutes_check CHECK (notice_minutes >= 0 AND notice_minutes <= 43200),
  constraint service_payment_kind_check CHECK (payment_kind = ANY (ARRAY['full'::text, 'deposit'::text, 'at_place'::text, 'free'::text])),
  constraint service_price_minor_check CHECK (price_minor >= 0),
  constraint service_step_minutes_check CHECK (step_minutes >= 5 AND step_minutes <= 1440)
);
CREATE UNIQUE INDEX service_id ON public.service USING btree (id);

create table session (
  id uuid not null default gen_random_uuid(),
  account_id uuid not null,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  ended_reason text,
  constraint session_pkey PRIMARY KEY (id),
  constraint session_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id),
  constraint session_ended_reason_check CHECK (ended_reason = ANY (ARRAY['signed_out'::text, 'token_reused'::text, 'account_disabled'::text]))
);
CREATE INDEX session_account ON public.session USING btree (account_id);

create table special_day (
  business_id uuid not null,
  id uuid not null default gen_random_uuid(),
  branch_id uuid not null,
  resource_id uuid,
  date date not null,
  start_minute integer,
  length_minutes integer,
  reason_ar text not null default ''::text,
  reason_en text not null default ''::text,
  constraint special_day_pkey PRIMARY KEY (business_id, id),
  constraint special_day_business_id_branch_id_fkey FOREIGN KEY (business_id, branch_id) REFERENCES branch(business_id, id),
  constraint special_day_business_id_resource_id_fkey FOREIGN KEY (business_id, resource_id) REFERENCES resource(business_id, id),
  constraint special_day_check CHECK ((start_minute IS NULL) = (length_minutes IS NULL)),
  constraint special_day_length_minutes_check CHECK (length_minutes >= 5 AND length_minutes <= 1440),
  constraint special_day_start_minute_check CHECK (start_minute >= 0 AND start_minute <= 1439)
);
CREATE INDEX special_day_branch ON public.special_day USING btree (business_id, branch_id, date);

create table webhook_event (
  id uuid not null default uuidv7(),
  provider text not null,
  event_id text not null,
  event_type text not null,
  payload jsonb not null,
  received_at timestamp with time zone not null default now(),
  processed_at timestamp with time zone,
  result text,
  attempts integer not null default 0,
  next_try_at timestamp with time zone not null default now(),
  trace_parent text,
  constraint webhook_event_pkey PRIMARY KEY (id),
  constraint webhook_event_provider_event_id_key UNIQUE (provider, event_id)
);
CREATE INDEX webhook_event_waiting ON public.webhook_event USING btree (next_try_at) WHERE (processed_at IS NULL);

CREATE OR REPLACE FUNCTION public.audit_entry_is_final()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'An audit entry is final.';
end $function$
;

CREATE OR REPLACE FUNCTION public.ledger_entry_is_final()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'A ledger entry is final; what was wrong is put right by another entry.';
end $function$
;

CREATE OR REPLACE FUNCTION public.search_form(written text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN translate(lower(written), 'أإآٱةىئؤـًٌٍَُِّْ'::text, 'ااااهييو'::text)
;

CREATE TRIGGER audit_entry_is_final BEFORE DELETE OR UPDATE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_entry_is_final();
CREATE TRIGGER ledger_entry_is_final BEFORE DELETE OR UPDATE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_entry_is_final();
CREATE TRIGGER ledger_is_not_emptied BEFORE TRUNCATE ON ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_is_final();
