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
  last_checked_at   timestamptz,
  -- W3C traceparent of the request it came from: one trace id joins what happens to it days apart.
  trace_parent      text
);
-- One attempt open for one payable: a second tab is given the first one's page.
create unique index payment_one_open on payment (payable_id) where state in ('intent', 'redirected', 'unknown');
create unique index payment_client_key on payment (payable_id, client_key);
create index payment_due on payment (next_check_at) where next_check_at is not null;
create index payment_created on payment (created_at desc, id desc);

create table refund (
  id            uuid        primary key default gen_random_uuid(),
  -- None when the charge is of no payment of ours: then a person found it by a difference, and said that it goes back.
  payment_id    uuid        references payment,
  difference_id uuid,
  currency      text,
  check (payment_id is not null or (difference_id is not null and currency is not null)),
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
  -- How it was last sent: a whole charge is voided as long as it is not settled, which costs nothing; else it is refunded.
  way           text        check (way in ('void', 'refund')),
  attempts      integer     not null default 0,
  next_try_at   timestamptz,
  -- A person set it aside: it failed and the customer got the money another way, or it turned out never to have arrived. It counts no more.
  set_aside_at  timestamptz,
  -- That of the payment it returns, where there is one.
  trace_parent  text,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now()
);
create unique index refund_difference on refund (difference_id) where difference_id is not null;
create index refund_charge on refund (gateway_charge_id);
create index refund_payment on refund (payment_id, gateway_charge_id);
create unique index refund_client_key on refund (payment_id, requested_by, client_key);
create index refund_due on refund (next_try_at) where next_try_at is not null;
-- Two refunds of one charge are never under way at once: its total is how the outcome of one is known.
create unique index refund_one_open on refund (gateway_charge_id) where state in ('sent', 'unknown');

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
  -- Of the vendor's own request that brought it.
  trace_parent text,
  unique (provider, event_id)
);
create index webhook_event_waiting on webhook_event (next_try_at) where processed_at is null;

-- The last times the gateway was asked about an attempt, and what it said: for the person who looks at one that stays open.
-- It names its payment without a reference: a note must never wait for the lock of those who settle.
create table payment_check (
  payment_id uuid        not null,
  id         uuid        not null default uuidv7(),
  asked_at   timestamptz not null default clock_timestamp(),
  via        text        not null,
  answer     text        not null,
  error_type text,
  primary key (payment_id, id)
);

-- The books. One row moves one amount from one account to another, so no entry can be out of balance; the sum over all accounts is 0.
--   gateway      what the gateway holds for the business         order        what a customer's order has been paid, per payable
--   fees         what the gateway keeps                          written_off  what a person decided to stop looking for
create table ledger_entry (
  business_id  uuid        not null references business,
  id           uuid        not null default uuidv7(),
  kind         text        not null check (kind in ('charge', 'fee', 'fee_undone', 'refund', 'refund_undone', 'write_off')),
  debit        text        not null check (debit in ('gateway', 'order', 'fees', 'written_off')),
  credit       text        not null check (credit in ('gateway', 'order', 'fees', 'written_off')),
  check (debit <> credit),
  amount_minor bigint      not null check (amount_minor > 0),
  currency     text        not null,
  payable_id   uuid        not null,
  payment_id   uuid        not null,
  -- What happened, by the id of the thing it happened to: posted once, whoever learns of it and however often.
  fact         text        not null,
  posted_at    timestamptz not null default now(),
  primary key (business_id, id),
  unique (business_id, fact)
);
create index ledger_entry_payable on ledger_entry (payable_id, posted_at);
create index ledger_entry_payment on ledger_entry (payment_id);
create index ledger_entry_posted on ledger_entry (posted_at);

create function ledger_entry_is_final() returns trigger language plpgsql as $$
begin
  raise exception 'A ledger entry is final; what was wrong is put right by another entry.';
end $$;
create trigger ledger_entry_is_final before update or delete on ledger_entry
  for each row execute function ledger_entry_is_final();
create trigger ledger_is_not_emptied before truncate on ledger_entry
  for each statement execute function ledger_entry_is_final();

-- Where the gateway's word and ours differ, until somebody or something has put it right.
create table money_difference (
  id                uuid        primary key default uuidv7(),
  -- Unknown while nobody knows whose money it is.
  business_id       uuid        references business,
  kind              text        not null check (kind in ('paid_unknown_to_us', 'paid_here_not_there', 'amount_differs', 'refund_differs', 'second_page_paid', 'refund_failed', 'integrity_failure', 'chargeback')),
  -- What it is about: the charge, else the refund, else the payment.
  subject           text        not null,
  payment_id        uuid,
  refund_id         uuid,
  gateway_charge_id text,
  ours_minor        bigint,
  theirs_minor      bigint,
  currency          text,
  details           jsonb       not null default '{}',
  opened_at         timestamptz not null default now(),
  last_seen_at      timestamptz not null default now(),
  resolved_at       timestamptz,
  resolution        text        check (resolution in ('repaired', 'adopted', 'refunded', 'written_off')),
  -- Nobody: it went away by itself.
  resolved_by       uuid,
  reason            text        check (length(reason) between 1 and 500),
  check ((resolved_at is null) = (resolution is null))
);
create unique index money_difference_open on money_difference (kind, subject) where resolved_at is null;
create index money_difference_charge on money_difference (gateway_charge_id) where gateway_charge_id is not null;
create index money_difference_payment on money_difference (payment_id) where payment_id is not null;

-- Every comparison of the gateway's list with ours.
create table reconciliation (
  id          uuid        primary key default uuidv7(),
  started_at  timestamptz not null default now(),
  -- A process that died gives its turn back by the passing of time.
  lease_until timestamptz not null,
  from_at     timestamptz not null,
  to_at       timestamptz not null,
  -- Which server, and which history of it: another one means restored or failed over, and then what is missing is looked for at once.
  database_identity text  not null,
  by_account  uuid,
  finished_at timestamptz,
  complete    boolean     not null default false,
  seen        integer     not null default 0,
  repaired    integer     not null default 0,
  opened      integer     not null default 0,
  error       text
);
create unique index reconciliation_one on reconciliation ((true)) where finished_at is null;
create index reconciliation_finished on reconciliation (finished_at desc) where complete;
