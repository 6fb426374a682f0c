-- One row for each key a client sent: what was asked, whether it is being worked on, and what was answered.
create table idempotency_key (
  actor           text        not null,
  key             text        not null check (length(key) between 1 and 255),
  fingerprint     text        not null,
  -- Null while the first request is in flight. After locked_until another request may take the work over.
  response_status integer,
  response_body   jsonb,
  locked_until    timestamptz not null,
  created_at      timestamptz not null default now(),
  primary key (actor, key)
);
create index idempotency_key_created_at on idempotency_key (created_at);
