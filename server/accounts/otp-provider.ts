/** Whoever carries one-time codes. Declared apart from the carrier of booking messages, so that the two can be different vendors. */
export interface OtpProvider {
  readonly name: string
  /** Sends one text to one number (E.164). Throws CallFailure. */
  sendCode(message: { to: string; text: string }, signal: AbortSignal): Promise<{ providerMessageId: string | null }>
}
