-- account.id is the identity: random, never reused, never a phone.
create table account (
  id           uuid        primary key default gen_random_uuid(),
  display_name text        check (length(display_name) between 1 and 120),
  locale       text        not null default 'ar' check (locale in ('ar', 'en')),
  status       text        not null default 'active' check (status in ('active', 'disabled')),
  -- Where booking messages may go beside the phone; given by the account itself, never a way to log in.
  contact_email text       check (contact_email ~ '^[^@\s]+@[^@\s]+$' and length(contact_email) <= 254),
  -- When the account agreed to promotional messages; null: it did not, or took it back.
  marketing_consent_at timestamptz,
  created_at   timestamptz not null default now()
);

-- A phone is a credential with a life span: at any time it leads to one account at most.
create table login_identifier (
  id          uuid        primary key default gen_random_uuid(),
  account_id  uuid        not null references account,
  kind        text        not null check (kind in ('phone')),
  value       text        not null check (value ~ '^\+[1-9][0-9]{6,14}$'),
  verified_at timestamptz,
  active_from timestamptz not null default now(),
  active_to   timestamptz check (active_to > active_from)
);
create unique index login_identifier_one_account on login_identifier (kind, value) where active_to is null;
create index login_identifier_account on login_identifier (account_id);

create table role_grant (
  id          uuid        primary key default gen_random_uuid(),
  account_id  uuid        not null references account,
  role        text        not null check (role in ('platform_admin', 'owner', 'staff')),
  -- The scope of an owner's or a staff member's role; accounts do not know what a business is.
  business_id uuid        check ((role = 'platform_admin') = (business_id is null)),
  granted_at  timestamptz not null default now()
);
create unique index role_grant_once on role_grant (account_id, role, business_id) nulls not distinct;

create table code_challenge (
  id          uuid        primary key default gen_random_uuid(),
  phone       text        not null check (phone ~ '^\+[1-9][0-9]{6,14}$'),
  country     text        not null,
  -- The range of numbers it belongs to, and a keyed hash of the address that asked: codes nobody types in are an attack on the bill.
  prefix      text        not null,
  asked_from  text        not null,
  locale      text        not null check (locale in ('ar', 'en')),
  code_hmac   bytea       not null,
  -- Counted before a guess is compared, so that parallel guesses cannot pass the limit.
  attempts    integer     not null default 0 check (attempts between 0 and 5),
  delivery    text        not null default 'pending' check (delivery in ('pending', 'sent', 'refused', 'unreachable', 'unknown')),
  used_at     timestamptz,
  created_at  timestamptz not null default now(),
  expires_at  timestamptz not null
);
create index code_challenge_expires_at on code_challenge (expires_at);
create index code_challenge_prefix on code_challenge (prefix, created_at);
create index code_challenge_asked_from on code_challenge (asked_from, created_at);
create index code_challenge_created_at on code_challenge (created_at);

-- One number is sent one code at a time: until then no other, unless the vendor surely did not send this one.
create table code_pause (
  phone        text        primary key,
  challenge_id uuid        not null,
  until        timestamptz not null
);

-- Limits on sending codes, on guessing and on spending; here because they must outlive a process. A row is a part of a sliding window.
create table code_limit (
  scope        text        not null,
  key          text        not null,
  window_start timestamptz not null,
  used         integer     not null check (used >= 0),
  primary key (scope, key, window_start)
);
create index code_limit_window on code_limit (window_start);

create table session (
  id           uuid        primary key default gen_random_uuid(),
  account_id   uuid        not null references account,
  created_at   timestamptz not null default now(),
  expires_at   timestamptz not null,
  ended_at     timestamptz,
  ended_reason text        check (ended_reason in ('signed_out', 'token_reused', 'account_disabled'))
);
create index session_account on session (account_id);

-- The tokens of one session are a family: each is used once and followed by the next.
create table refresh_token (
  id         uuid        primary key default gen_random_uuid(),
  session_id uuid        not null references session,
  token_hash bytea       not null unique,
  created_at timestamptz not null default now(),
  used_at    timestamptz
);
create index refresh_token_session on refresh_token (session_id);
