-- The wish to tell someone, written in the transaction of the change it tells of.
create table notification (
  id              uuid        primary key default uuidv7(),
  business_id     uuid        not null references business,
  -- What it is about, by an id that means nothing here, and at which version of it.
  about_id        uuid        not null,
  kind            text        not null,
  version         integer     not null,
  -- Which of several of its kind at one version: a reminder's minutes before the start, the refund that came back, whom of the staff.
  occasion        text        not null default '',
  channel         text        not null check (channel in ('sms', 'email', 'whatsapp')),
  recipient       text        not null,
  -- The person's number, on whatever channel: by it other channels, consent and sign-ins are found.
  phone           text,
  locale          text        not null check (locale in ('ar', 'en')),
  data            jsonb       not null,
  state           text        not null default 'PENDING' check (state in ('PENDING', 'SENT', 'FAILED', 'SKIPPED')),
  reason          text,
  -- How often it was claimed.
  attempts        integer     not null default 0,
  -- How often vendors were asked in vain and it was put off: what the schedule of pauses counts. Waiting for a circuit is no try.
  tries           integer     not null default 0,
  -- Whoever delivers holds it until then; a process that died gives it back by dying.
  lease_until     timestamptz,
  next_attempt_at timestamptz not null default now(),
  -- After this it would only confuse.
  not_after       timestamptz not null,
  created_at      timestamptz not null default now(),
  ended_at        timestamptz,
  -- Of the latest failure: the recipient or the content (permanent), nobody (temporary), us (configuration), it may have been
  -- sent (ambiguous), our own code (fault).
  error_class     text        check (error_class in ('permanent', 'temporary', 'configuration', 'ambiguous', 'fault')),
  -- The message on another channel that this one stands in for.
  stands_in_for   uuid        references notification,
  -- What the vendor's delivery reports say at most: evidence, and no proof that anyone read it.
  delivery        text        check (delivery in ('accepted', 'sent', 'delivered', 'undelivered', 'read')),
  delivery_at     timestamptz,
  -- A person has seen that it failed and says why nothing more is done.
  acknowledged_at     timestamptz,
  acknowledged_by     uuid,
  acknowledged_reason text,
  -- When it is to be sent again because a person asked for many at once: it stays FAILED until then.
  redrive_at      timestamptz,
  redrive_by      uuid,
  -- When its vendor is asked what became of it, or its next channel takes over: after an ambiguous end, and after a report that
  -- it can never arrive. Null: nothing is left to find out.
  follow_up_at    timestamptz,
  follow_ups      integer     not null default 0,
  -- W3C traceparent of the request that made the promise: one trace id joins request and message days apart.
  trace_parent    text,
  check ((state = 'PENDING') = (ended_at is null)),
  check ((acknowledged_at is null) = (acknowledged_reason is null)),
  check ((redrive_at is null) = (redrive_by is null)),
  check (state not in ('FAILED', 'SKIPPED') or reason is not null),
  -- Nothing is told twice.
  unique (about_id, kind, version, occasion, channel, recipient)
);
create index notification_pending on notification (next_attempt_at) where state = 'PENDING';
-- Claimed business by business, so that a flood of one waits behind itself.
create index notification_pending_of on notification (business_id, next_attempt_at) where state = 'PENDING';
create index notification_recipient on notification (recipient, ended_at desc) where state in ('SENT', 'FAILED');
create index notification_listed on notification (created_at desc, id desc);
-- What the operator is asked to look at.
create index notification_failed on notification (channel, created_at) where state = 'FAILED' and acknowledged_at is null;
create index notification_about on notification (about_id);
create index notification_stands_in on notification (stands_in_for) where stands_in_for is not null;
create index notification_undelivered on notification (channel, created_at) where delivery = 'undelivered' and acknowledged_at is null;
create index notification_redrive on notification (redrive_at) where redrive_at is not null;
create index notification_follow_up on notification (follow_up_at) where follow_up_at is not null;

create table notification_attempt (
  id                  uuid        primary key default uuidv7(),
  notification_id     uuid        not null references notification,
  provider            text        not null,
  started_at          timestamptz not null default now(),
  finished_at         timestamptz,
  result              text        check (result in ('ok', 'refused', 'unreachable', 'unknown')),
  error_type          text,
  error_class         text        check (error_class in ('permanent', 'temporary', 'configuration', 'ambiguous', 'fault')),
  -- The vendor's answer in short, without anything about the recipient.
  detail              text,
  provider_message_id text
);
create index notification_attempt_of on notification_attempt (notification_id, started_at);
create index notification_attempt_said on notification_attempt (provider, provider_message_id) where provider_message_id is not null;

-- How a business wants its people told. No row: the defaults of the house.
create table messaging_choice (
  business_id      uuid        primary key references business,
  -- In the order they are tried; the next one when the one before surely failed.
  channels         text[]      not null default '{sms}' check (channels <@ '{sms,whatsapp,email}' and cardinality(channels) between 1 and 3),
  -- Vendors in the order they are asked, of those the house has; those not named come after, in the order of the house.
  providers        text[]      not null default '{}',
  -- Minutes before the start at which the customer is reminded.
  reminder_minutes integer[]   not null default '{1440,120}' check (cardinality(reminder_minutes) <= 4),
  staff_told       boolean     not null default true,
  -- Whether the receipt of a payment is a message of its own, or a sentence of the confirmation that goes out with it.
  receipt_apart    boolean     not null default false,
  updated_at       timestamptz not null default now()
);

-- What a vendor reported about a message, stored before it is answered.
create table delivery_report (
  id                  uuid        primary key default uuidv7(),
  provider            text        not null,
  -- How far its origin was proven: signature; path: the unguessable address; look_up: the vendor itself was asked.
  verified            text        not null check (verified in ('signature', 'path', 'look_up')),
  provider_message_id text        not null,
  -- In the vendor's own word, and what it means to us.
  said                text        not null,
  delivery            text        check (delivery in ('accepted', 'sent', 'delivered', 'undelivered', 'read')),
  error_code          text,
  -- Our notification's id, where the vendor gives it back: by it an attempt is found whose answer was lost.
  our_id              uuid,
  -- Its code says that this channel will never reach this number, and not only that it did not now.
  permanent           boolean     not null default false,
  said_at             timestamptz,
  received_at         timestamptz not null default now(),
  notification_id     uuid        references notification,
  merged_at           timestamptz,
  -- A report may be quicker than our own note of the vendor's answer; one that is nobody's is looked at ever more rarely.
  looks               integer     not null default 0,
  look_at             timestamptz not null default now(),
  -- The same report comes more than once. What the vendor says when asked is evidence of its own.
  unique nulls not distinct (provider, provider_message_id, said, said_at, verified)
);
create index delivery_report_waiting on delivery_report (look_at) where merged_at is null;
create index delivery_report_ours on delivery_report (our_id) where merged_at is null and our_id is not null;
create index delivery_report_of on delivery_report (notification_id) where notification_id is not null;
