-- Opening and breaks as (weekday, start, length): 16:00 to 02:00 is one rule, weekday 4, start 960, length 600.
-- A rule with a resource replaces the branch's opening for that resource; a break is taken from whatever is open.
create table opening_rule (
  business_id    uuid    not null,
  id             uuid    not null default gen_random_uuid(),
  branch_id      uuid    not null,
  resource_id    uuid,
  kind           text    not null check (kind in ('open', 'break')),
  weekday        integer not null check (weekday between 1 and 7),
  start_minute   integer not null check (start_minute between 0 and 1439),
  length_minutes integer not null check (length_minutes between 5 and 1440),
  primary key (business_id, id),
  foreign key (business_id, branch_id) references branch,
  foreign key (business_id, resource_id) references resource
);
create index opening_rule_branch on opening_rule (business_id, branch_id);

-- A date on which the weekly opening does not count: open at other hours, or, without hours, not at all.
create table special_day (
  business_id    uuid    not null,
  id             uuid    not null default gen_random_uuid(),
  branch_id      uuid    not null,
  resource_id    uuid,
  date           date    not null,
  start_minute   integer check (start_minute between 0 and 1439),
  length_minutes integer check (length_minutes between 5 and 1440),
  reason_ar      text    not null default '',
  reason_en      text    not null default '',
  primary key (business_id, id),
  check ((start_minute is null) = (length_minutes is null)),
  foreign key (business_id, branch_id) references branch,
  foreign key (business_id, resource_id) references resource
);
create index special_day_branch on special_day (business_id, branch_id, date);

-- A stretch in which nothing is offered, whatever the rules say: a leave, a repair.
create table closure (
  business_id uuid      not null,
  id          uuid      not null default gen_random_uuid(),
  branch_id   uuid      not null,
  resource_id uuid,
  during      tstzrange not null check (not isempty(during) and not lower_inf(during) and not upper_inf(during)),
  reason_ar   text      not null default '',
  reason_en   text      not null default '',
  primary key (business_id, id),
  foreign key (business_id, branch_id) references branch,
  foreign key (business_id, resource_id) references resource
);
create index closure_during on closure using gist (business_id, branch_id, during);

-- A resource's time, taken. This constraint is the law that no two live bookings overlap (P1); all code is only the way to it.
create table claim (
  business_id uuid        not null,
  id          uuid        not null default gen_random_uuid(),
  resource_id uuid        not null,
  -- Whoever holds the time, by an id that means nothing here.
  holder_id   uuid        not null,
  -- Buffers included. Half-open, bounded, never empty: an empty or unbounded range would slip through the constraint.
  during      tstzrange   not null check (
    not isempty(during) and not lower_inf(during) and not upper_inf(during)
    and lower_inc(during) and not upper_inc(during)
    and upper(during) - lower(during) <= interval '31 days'
  ),
  state       text        not null check (state in ('held', 'booked', 'released')),
  -- A hold past this instant counts as free, whether or not a sweep has released it.
  held_until  timestamptz check ((state = 'held') = (held_until is not null) or state = 'released'),
  created_at  timestamptz not null default now(),
  primary key (business_id, id),
  foreign key (business_id, resource_id) references resource,
  constraint claim_no_overlap exclude using gist (business_id with =, resource_id with =, during with &&) where (state in ('held', 'booked'))
);
create index claim_holder on claim (business_id, holder_id);
