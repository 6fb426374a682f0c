-- An alert that holds, or held: since when, and whether the operator was told. One row an alert at a time, for all processes.
create table alert (
  id            uuid        primary key default uuidv7(),
  name          text        not null,
  severity      text        not null check (severity in ('page', 'ticket')),
  -- Of the series that raised it: channel, vendor, state. Nothing about people or businesses.
  labels        jsonb       not null default '{}',
  since         timestamptz not null,
  -- Null while it has not held for long enough to be told.
  fired_at      timestamptz,
  -- When it ceased to hold; it is over a while after.
  clear_since   timestamptz,
  resolved_at   timestamptz,
  -- Whoever tells holds it until then, so that no two processes tell the same.
  telling_until timestamptz,
  notified_at   timestamptz,
  -- When the operator was told that it is over.
  resolution_told_at timestamptz,
  check (resolved_at is null or fired_at is not null)
);
create unique index alert_one on alert (name) where resolved_at is null;
create index alert_recent on alert (resolved_at desc) where resolved_at is not null;

-- What each process showed of the figures that the alert rules look at, so that increases are seen across processes and restarts.
create table metric_sample (
  process uuid        not null,
  at      timestamptz not null,
  figures jsonb       not null,
  primary key (process, at)
);
create index metric_sample_at on metric_sample (at);

-- The canary's own messages, found without reading the others.
create index notification_canary on notification (channel, created_at) where kind = 'canary';
