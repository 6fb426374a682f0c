-- One attempt to be paid. Written before the gateway is called, so that no charge can exist that we never heard of.
create table payment (
  id                uuid        primary key default gen_random_uuid(),
  business_id       uuid        not null references business,
  -- What is paid for, by an id that means nothing here.
  payable_id        uuid        not null,
  client_key        text        not null check (length(client_key) between 1 and 255),
  provider          text        not null,
  -- The gateway's own ids: of the page the customer is sent to, and of the charge that was made there.
  gateway_ref       text        unique,
  gateway_charge_id text        unique,
  amount_minor      bigint      not null check (amount_minor > 0),
  currency          text        not null,
  state             text        not null check (state in ('intent', 'redirected', 'unknown', 'paid', 'failed', 'expired', 'integrity_failure')),
  disposition       text        check (disposition in ('applied', 'applied_late', 'refund_due')),
  disposition_reason text,
  check ((state = 'paid') = (disposition is not null)),
  redirect_url      text,
  failure_reason    text,
  created_at        timestamptz not null default now(),
  updated_at        timestamptz not null default now(),
  -- When the gateway's own page stops taking money.
  expires_at        timestamptz not null,
  -- When the gateway is asked next, and how often it was asked; null once nothing more can change.
  next_check_at     timestamptz,
  -- Somebody is creating its page until then; a process that died gives it back by the passing of time.
  calling_until     timestamptz,
  checks            integer     not null default 0,
  last_checked_at   timestamptz
);
-- One attempt open for one payable: a second tab is given the first one's page.
create unique index payment_one_open on payment (payable_id) where state in ('intent', 'redirected', 'unknown');
create unique index payment_client_key on payment (payable_id, client_key);
create index payment_due on payment (next_check_at) where next_check_at is not null;
create index payment_created on payment (created_at desc, id desc);

create table refund (
  id            uuid        primary key default gen_random_uuid(),
  payment_id    uuid        not null references payment,
  -- The charge it returns: the payment's own, or a second one that was made on the same page.
  gateway_charge_id text    not null,
  amount_minor  bigint      not null check (amount_minor > 0),
  reason        text        not null,
  -- Who asked for it, in which words, and under which key: the same wish never returns money twice.
  requested_by  uuid,
  note          text        check (length(note) between 1 and 500),
  client_key    text        check (length(client_key) between 1 and 255),
  state         text        not null check (state in ('due', 'sent', 'unknown', 'refunded', 'failed')),
  -- The total the gateway must report as refunded once this one went through; how an unknown outcome is told apart.
  expected_total_minor bigint,
  failure_reason text,
  attempts      integer     not null default 0,
  next_try_at   timestamptz,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now()
);
create index refund_payment on refund (payment_id, gateway_charge_id);
create unique index refund_client_key on refund (payment_id, requested_by, client_key);
create index refund_due on refund (next_try_at) where next_try_at is not null;
-- Two refunds of one payment are never under way at once.
create unique index refund_one_open on refund (payment_id) where state in ('sent', 'unknown');

-- What a vendor told us, stored before it is answered. A hint: nothing here moves money.
create table webhook_event (
  id           uuid        primary key default uuidv7(),
  provider     text        not null,
  event_id     text        not null,
  event_type   text        not null,
  payload      jsonb       not null,
  received_at  timestamptz not null default now(),
  processed_at timestamptz,
  result       text,
  -- An event about a payment we do not know yet is looked at again: it may have been quicker than our own commit.
  attempts     integer     not null default 0,
  next_try_at  timestamptz not null default now(),
  unique (provider, event_id)
);
create index webhook_event_waiting on webhook_event (next_try_at) where processed_at is null;
