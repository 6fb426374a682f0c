import { type Database, sql } from '../../../server/database/index.ts'
import { allowedSteps as bookingSteps } from '../../../server/bookings/booking-states.ts'
import { allowedSteps as paymentSteps } from '../../../server/payments/payment-states.ts'
import { allowedRefundSteps as refundSteps } from '../../../server/payments/refund-states.ts'

/** A step from one state to another, as `payment unknown → paid`. */
export type Step = string
export const stepOf = (what: string, from: string, to: string): Step => `${what} ${from} → ${to}`

/** Every step that the product's tables of states know. */
export const allSteps: readonly Step[] = Object.entries({ booking: bookingSteps, payment: paymentSteps, refund: refundSteps }).flatMap(
  ([what, table]) => Object.entries<readonly string[]>(table).flatMap(([from, targets]) => targets.map((to) => stepOf(what, from, to))),
)

/** Lets the database itself write down every step of a state, whichever code takes it. */
export async function watchSteps(database: Database): Promise<void> {
  await database.pool.query(`
    create table movable.walked (what text not null, from_state text not null, to_state text not null);
    create function movable.note_step() returns trigger language plpgsql as $$
    begin
      insert into movable.walked values (tg_table_name, to_jsonb(old) ->> tg_argv[0], to_jsonb(new) ->> tg_argv[0]);
      return null;
    end $$;
    create trigger watched after update on booking for each row when (old.version <> new.version) execute function movable.note_step('status');
    create trigger watched after update on payment for each row when (old.state <> new.state) execute function movable.note_step('state');
    create trigger watched after update on refund for each row when (old.state <> new.state) execute function movable.note_step('state')`)
}

/** The steps taken since the tables were last emptied, with how often. */
export async function stepsTaken(database: Database): Promise<Map<Step, number>> {
  const rows = await database.rows<{ what: string; fromState: string; toState: string; times: number }>(
    sql`select what, from_state, to_state, count(*) as times from movable.walked group by 1, 2, 3`,
  )
  return new Map(rows.map(({ what, fromState, toState, times }) => [stepOf(what, fromState, toState), times]))
}

/** The same steps as the audit tells them. Only that a refund leaves the house is not an entry of its own: its answer is. */
export async function stepsAudited(database: Database): Promise<Map<Step, number>> {
  const rows = await database.rows<{ what: string; fromState: string; toState: string; times: number }>(sql`
    select split_part(action, '.', 1) as what, details ->> 'from' as from_state, replace(split_part(action, '.', 2), 'rescheduled', 'confirmed') as to_state, count(*) as times
    from audit_entry where subject in ('booking', 'payment') and details ? 'from' group by 1, 2, 3`)
  return new Map(rows.map(({ what, fromState, toState, times }) => [stepOf(what, fromState, toState), times]))
}
