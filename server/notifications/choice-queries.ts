import { type Queryable, sql } from '#database'
import type { Channel } from './queries.ts'

/** How a business wants its people told. */
export interface MessagingChoice {
  /** In the order they are tried; the next when the one before surely failed. */
  channels: Channel[]
  /** Vendors in the order they are asked; those not named come after, in the order of the house. */
  providers: string[]
  /** Minutes before the start at which the customer is reminded. */
  reminderMinutes: number[]
  staffTold: boolean
  /** Whether the receipt of a payment is a message of its own, or a sentence of the confirmation. */
  receiptApart: boolean
}

/** What holds for a business that chose nothing; the same as the defaults of the table. */
export const defaultChoice: MessagingChoice = {
  channels: ['sms'],
  providers: [],
  reminderMinutes: [1_440, 120],
  staffTold: true,
  receiptApart: false,
}

export async function choiceOf(db: Queryable, businessId: string): Promise<MessagingChoice> {
  const chosen = await db.row<MessagingChoice>(sql`
    select channels, providers, reminder_minutes, staff_told, receipt_apart from messaging_choice where business_id = ${businessId}`)
  return chosen ?? defaultChoice
}

/** Chooses channels for a business that chose nothing yet; one that did keeps its choice. */
export async function proposeChannels(db: Queryable, businessId: string, channels: Channel[]): Promise<void> {
  await db.run(
    sql`insert into messaging_choice (business_id, channels) values (${businessId}, ${channels}) on conflict (business_id) do nothing`,
  )
}

export async function writeChoice(db: Queryable, businessId: string, choice: MessagingChoice): Promise<void> {
  const { channels, providers, reminderMinutes, staffTold, receiptApart } = choice
  await db.run(sql`
    insert into messaging_choice (business_id, channels, providers, reminder_minutes, staff_told, receipt_apart)
    values (${businessId}, ${channels}, ${providers}, ${reminderMinutes}, ${staffTold}, ${receiptApart})
    on conflict (business_id) do update set channels = excluded.channels, providers = excluded.providers,
      reminder_minutes = excluded.reminder_minutes, staff_told = excluded.staff_told, receipt_apart = excluded.receipt_apart, updated_at = now()`)
}
