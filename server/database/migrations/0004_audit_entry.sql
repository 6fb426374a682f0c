-- Who did what to which thing, and with what in view. Written with the change itself; never changed, never deleted.
create table audit_entry (
  id          uuid        primary key default uuidv7(),
  at          timestamptz not null default now(),
  actor_kind  text        not null check (actor_kind in ('customer', 'staff', 'operator', 'system', 'gateway')),
  actor_id    uuid,
  action      text        not null,
  subject     text        not null,
  subject_id  uuid        not null,
  business_id uuid,
  details     jsonb       not null default '{}'
);
create index audit_entry_subject on audit_entry (subject_id, at);

create function audit_entry_is_final() returns trigger language plpgsql as $$
begin
  raise exception 'An audit entry is final.';
end $$;
create trigger audit_entry_is_final before update or delete on audit_entry
  for each row execute function audit_entry_is_final();
