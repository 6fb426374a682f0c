-- One spelling for search: people write hamza, ta marbuta and alif maqsura loosely, and leave out tatweel and vowel marks.
-- By code point, because letters of two directions in one line are read wrongly: hamza forms of alif become alif, U+0629 becomes
-- U+0647, U+0649 and U+0626 become U+064A, U+0624 becomes U+0648; what has no counterpart (U+0640, U+064B to U+0652) goes.
create function search_form(written text) returns text language sql immutable strict parallel safe return translate(
  lower(written),
  U&'\0623\0625\0622\0671\0629\0649\0626\0624\0640\064B\064C\064D\064E\064F\0650\0651\0652',
  U&'\0627\0627\0627\0627\0647\064A\064A\0648'
);

-- Every table a business owns carries business_id first in its key, so that the data can be distributed by it.
create table business (
  id             uuid        primary key default gen_random_uuid(),
  slug           text        not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 60),
  name_ar        text        not null check (length(name_ar) between 1 and 120),
  name_en        text        not null check (length(name_en) between 1 and 120),
  description_ar text        not null default '',
  description_en text        not null default '',
  currency       text        not null check (currency in ('SAR', 'AED', 'QAR', 'KWD', 'BHD', 'OMR')),
  -- What a customer gets back by notice: [{"hoursBefore": 24, "refundPercent": 100}, …], longest notice first.
  cancellation   jsonb       not null default '[{"hoursBefore": 24, "refundPercent": 100}, {"hoursBefore": 0, "refundPercent": 0}]' check (jsonb_typeof(cancellation) = 'array'),
  -- How often a customer may move a booking (null: as often as wanted), and until how many hours before its start.
  free_reschedules        integer check (free_reschedules >= 0),
  reschedule_hours_before integer not null default 0 check (reschedule_hours_before between 0 and 720),
  status         text        not null default 'open' check (status in ('open', 'closed')),
  created_at     timestamptz not null default now(),
  search_name    text        not null generated always as (search_form(name_ar || ' ' || name_en)) stored
);
create index business_name on business using gin (search_name gin_trgm_ops);
create index business_created on business (created_at desc, id desc);

create table branch (
  business_id uuid not null references business,
  id          uuid not null default gen_random_uuid(),
  name_ar     text not null check (length(name_ar) between 1 and 120),
  name_en     text not null check (length(name_en) between 1 and 120),
  zone        text not null,
  address_ar  text not null default '',
  address_en  text not null default '',
  primary key (business_id, id)
);

create table resource (
  business_id uuid    not null,
  id          uuid    not null default gen_random_uuid(),
  branch_id   uuid    not null,
  kind        text    not null check (kind in ('staff', 'room', 'court', 'unit', 'equipment')),
  name_ar     text    not null check (length(name_ar) between 1 and 120),
  name_en     text    not null check (length(name_en) between 1 and 120),
  position    integer not null default 0,
  active      boolean not null default true,
  primary key (business_id, id),
  foreign key (business_id, branch_id) references branch
);
create index resource_branch on resource (business_id, branch_id);
create unique index resource_id on resource (id);

create table service (
  business_id           uuid    not null references business,
  id                    uuid    not null default gen_random_uuid(),
  branch_id             uuid    not null,
  name_ar               text    not null check (length(name_ar) between 1 and 120),
  name_en               text    not null check (length(name_en) between 1 and 120),
  description_ar        text    not null default '',
  description_en        text    not null default '',
  duration_minutes      integer not null check (duration_minutes between 5 and 1440),
  buffer_before_minutes integer not null default 0 check (buffer_before_minutes between 0 and 240),
  buffer_after_minutes  integer not null default 0 check (buffer_after_minutes between 0 and 240),
  -- Starts are offered every so many minutes, counted from the opening.
  step_minutes          integer not null default 30 check (step_minutes between 5 and 1440),
  -- A start is offered no sooner than this from now, and no later than so many days ahead.
  notice_minutes        integer not null default 60 check (notice_minutes between 0 and 43200),
  horizon_days          integer not null default 30 check (horizon_days between 1 and 365),
  price_minor           bigint  not null check (price_minor >= 0),
  -- What is paid when the time is taken: all of the price, a deposit, or nothing; the rest is paid at the place.
  payment_kind          text    not null default 'full' check (payment_kind in ('full', 'deposit', 'at_place', 'free')),
  deposit_minor         bigint,
  deposit_percent       integer check (deposit_percent between 1 and 99),
  -- The business says yes or no to each booking, within so many hours; null: what is free is booked. Only where nothing is paid before.
  approval_hours        integer check (approval_hours between 1 and 72),
  check (approval_hours is null or payment_kind in ('at_place', 'free')),
  position              integer not null default 0,
  active                boolean not null default true,
  primary key (business_id, id),
  foreign key (business_id, branch_id) references branch,
  constraint service_free_costs_nothing check ((payment_kind = 'free') = (price_minor = 0)),
  -- A deposit is an amount or a percentage; a part of the price, and no less than the hundred minor units a gateway takes.
  constraint service_deposit check (
    (payment_kind = 'deposit') = (num_nonnulls(deposit_minor, deposit_percent) = 1) and num_nonnulls(deposit_minor, deposit_percent) <= 1
    and (deposit_minor is null or deposit_minor between 100 and price_minor - 1)
    and (deposit_percent is null or price_minor * deposit_percent >= 10000))
);
create unique index service_id on service (id);

-- A service needs one resource of each of its requirements. The first (position 0) is the one a customer may choose in.
create table requirement (
  business_id uuid    not null,
  id          uuid    not null default gen_random_uuid(),
  service_id  uuid    not null,
  position    integer not null check (position >= 0),
  -- Whether the customer is shown the resources to choose from.
  choosable   boolean not null default false,
  primary key (business_id, id),
  unique (business_id, service_id, position),
  foreign key (business_id, service_id) references service
);

create table requirement_resource (
  business_id    uuid not null,
  requirement_id uuid not null,
  resource_id    uuid not null,
  primary key (business_id, requirement_id, resource_id),
  foreign key (business_id, requirement_id) references requirement,
  foreign key (business_id, resource_id) references resource
);
