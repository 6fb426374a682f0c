-- Money lives on the order: what was promised at which price and under which policy, whatever the business changes later.
create table customer_order (
  business_id   uuid        not null references business,
  id            uuid        not null default gen_random_uuid(),
  account_id    uuid        not null references account,
  -- The whole price; what of it is paid when the time is taken, the rest at the place.
  amount_minor  bigint      not null check (amount_minor >= 0),
  due_now_minor bigint      not null,
  payment_kind  text        not null,
  currency      text        not null,
  cancellation  jsonb       not null,
  free_reschedules        integer check (free_reschedules >= 0),
  reschedule_hours_before integer not null default 0 check (reschedule_hours_before >= 0),
  created_at    timestamptz not null default now(),
  primary key (business_id, id),
  constraint customer_order_parts check (case payment_kind
    when 'full' then amount_minor > 0 and due_now_minor = amount_minor
    when 'deposit' then due_now_minor > 0 and due_now_minor < amount_minor
    when 'at_place' then amount_minor > 0 and due_now_minor = 0
    when 'free' then amount_minor = 0 and due_now_minor = 0
    else false end)
);

create table booking (
  business_id   uuid        not null,
  id            uuid        not null default gen_random_uuid(),
  order_id      uuid        not null,
  account_id    uuid        not null references account,
  branch_id     uuid        not null,
  service_id    uuid        not null,
  -- What people say on the phone. Unguessable enough not to be walked through; access needs the account all the same.
  reference     text        not null unique,
  status        text        not null check (status in ('held', 'confirmed', 'completed', 'no_show', 'cancelled', 'expired')),
  version       integer     not null default 1 check (version > 0),
  -- How often the customer moved it.
  reschedules   integer     not null default 0 check (reschedules >= 0),
  starts_at     timestamptz not null,
  ends_at       timestamptz not null check (ends_at > starts_at),
  zone          text        not null,
  expires_at    timestamptz check (status <> 'held' or expires_at is not null),
  attendee_name text        check (length(attendee_name) between 1 and 120),
  note          text        check (length(note) between 1 and 500),
  locale        text        not null check (locale in ('ar', 'en')),
  client_key    text        not null check (length(client_key) between 1 and 255),
  cancelled_by  text        check (cancelled_by in ('customer', 'business', 'system')),
  cancel_reason text        check (length(cancel_reason) between 1 and 500),
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  -- What a hold waits for: its customer's payment, or the business's yes or no.
  awaits        text        not null default 'payment' check (awaits in ('payment', 'approval')),
  -- When somebody is next told of it by the passing of time: that the hold is about to end, or a reminder of the visit.
  tell_at       timestamptz,
  -- W3C traceparent of the request it came from: one trace id joins what happens to it days apart.
  trace_parent  text,
  primary key (business_id, id),
  foreign key (business_id, order_id) references customer_order,
  foreign key (business_id, branch_id) references branch,
  foreign key (business_id, service_id) references service
);
create unique index booking_id on booking (id);
create unique index booking_order on booking (order_id);
-- The same client key never makes two bookings (P4).
create unique index booking_client_key on booking (account_id, client_key);
create index booking_account on booking (account_id, created_at desc, id desc);
create index booking_held on booking (expires_at) where status = 'held';
create index booking_to_tell on booking (tell_at) where status in ('held', 'confirmed') and tell_at is not null;
create index booking_day on booking (business_id, starts_at);
