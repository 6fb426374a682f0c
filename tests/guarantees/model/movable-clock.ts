import { type Database, sql } from '../../../server/database/index.ts'

/** When every run begins. Any full hour would do; a fixed one makes a run the same whenever it is repeated. */
export const originMs = Temporal.Instant.from('2027-03-01T06:00:00Z').epochMilliseconds

/**
 * Gives a database a clock that stands still until it is moved, and that is a microsecond later each time it is read, so that
 * no two changes have one time. The product's own statements read it: `now()` and `clock_timestamp()` are found here first.
 * Connections opened afterwards have it.
 */
export async function makeClockMovable(database: Database): Promise<void> {
  await database.pool.query(`
    create schema movable;
    create sequence movable.microseconds;
    select setval('movable.microseconds', ${originMs}::bigint * 1000);
    create function movable.at(microseconds bigint) returns timestamptz language sql immutable
      return timestamptz 'epoch' + microseconds * interval '1 microsecond';
    create function movable.now() returns timestamptz language sql volatile
      return movable.at(pg_sequence_last_value('movable.microseconds'::regclass));
    create function movable.clock_timestamp() returns timestamptz language sql volatile
      return movable.at(nextval('movable.microseconds'));
    do $$
    declare stamped record;
    begin
      for stamped in select table_name, column_name from information_schema.columns where table_schema = 'public' and column_default = 'now()' loop
        execute format('alter table %I alter column %I set default movable.now()', stamped.table_name, stamped.column_name);
      end loop;
      execute format('alter database %I set search_path = movable, public, pg_catalog', current_database());
    end $$`)
}

/** Part of a statement: puts the clock to this instant. */
export const setClock = (epochMs: number) => sql`setval('movable.microseconds', ${Math.round(epochMs * 1000)}::bigint)`
