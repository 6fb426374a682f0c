-- The wish to tell someone, written in the transaction of the change it tells of.
create table notification (
  id              uuid        primary key default uuidv7(),
  business_id     uuid        not null references business,
  -- What it is about, by an id that means nothing here, and at which version of it.
  about_id        uuid        not null,
  kind            text        not null,
  version         integer     not null,
  channel         text        not null check (channel in ('sms', 'email', 'whatsapp')),
  recipient       text        not null,
  locale          text        not null check (locale in ('ar', 'en')),
  data            jsonb       not null,
  state           text        not null default 'PENDING' check (state in ('PENDING', 'SENT', 'FAILED', 'SKIPPED')),
  reason          text,
  attempts        integer     not null default 0,
  -- Whoever delivers holds it until then; a process that died gives it back by dying.
  lease_until     timestamptz,
  next_attempt_at timestamptz not null default now(),
  -- After this it would only confuse.
  not_after       timestamptz not null,
  created_at      timestamptz not null default now(),
  ended_at        timestamptz,
  check ((state = 'PENDING') = (ended_at is null)),
  check (state not in ('FAILED', 'SKIPPED') or reason is not null),
  -- Nothing is told twice.
  unique (about_id, kind, version, channel, recipient)
);
create index notification_pending on notification (next_attempt_at) where state = 'PENDING';
create index notification_listed on notification (created_at desc, id desc);
-- What the operator is asked to look at.
create index notification_failed on notification (channel) where state = 'FAILED';
create index notification_about on notification (about_id);

create table notification_attempt (
  id                  uuid        primary key default uuidv7(),
  notification_id     uuid        not null references notification,
  provider            text        not null,
  started_at          timestamptz not null default now(),
  finished_at         timestamptz,
  result              text        check (result in ('ok', 'refused', 'unreachable', 'unknown')),
  error_type          text,
  detail              text,
  provider_message_id text
);
create index notification_attempt_of on notification_attempt (notification_id, started_at);
