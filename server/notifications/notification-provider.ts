/** A vendor of booking messages. Chosen apart from the vendor of one-time codes, so that one may fail without the other. */
export interface NotificationProvider {
  readonly name: string
  readonly channel: 'sms'
  /** Hands one message over. Throws CallFailure and nothing else for what the vendor does. */
  send(message: { to: string; text: string }, signal: AbortSignal): Promise<{ providerMessageId: string | null }>
}
