/** What a delivery report says at most; see `delivery` of a notification. */
export type SaidDelivery = 'accepted' | 'sent' | 'delivered' | 'undelivered' | 'read'

/** One thing a vendor reports of one message. */
export interface DeliveryReport {
  providerMessageId: string
  /** The vendor's own word, shortened. */
  said: string
  /** What it means to us; null: a word we do not know. */
  delivery: SaidDelivery | null
  errorCode: string | null
  /** Whether the code is documented to mean that this channel will never reach this number: the next channel takes over. */
  permanent: boolean
  /** The id we gave with the message, where the vendor gives it back; only ever a UUID. */
  ourId: string | null
  saidAt: Temporal.Instant | null
}

/** A request to the address that only the vendor knows, as it came. */
export interface ReportRequest {
  headers: Record<string, string | string[] | undefined>
  rawBody: Buffer
  /** The whole address as the vendor knows it, its query included. */
  url: string
  query: Record<string, unknown>
}

/** `signature`: only the vendor can have sent it. `path`: whoever sent it knew the unguessable address, and nothing more is known. */
export interface ReportsRead {
  verified: 'signature' | 'path'
  reports: DeliveryReport[]
}

/** Reads what one vendor posts. Pure; never throws: what cannot be read holds no reports, what fails the signature is `forged`. */
export interface DeliveryReportReader {
  readonly provider: string
  read(request: ReportRequest): ReportsRead | 'forged'
  /** For vendors that first ask whether the address is ours: what to answer as plain text, or the word `forged`. */
  challenge?(query: Record<string, unknown>): string
}
