/** Lets a telephone that can (WebOTP) offer the code out of the message itself. Returns how to stop waiting. */
export function readCodeFromMessage(onCode: (code: string) => void): () => void {
  if (!('OTPCredential' in window)) return () => {}
  const waiting = new AbortController()
  const options = { otp: { transport: ['sms'] }, signal: waiting.signal } as CredentialRequestOptions
  void offered(options, onCode)
  return () => waiting.abort()
}

async function offered(options: CredentialRequestOptions, onCode: (code: string) => void): Promise<void> {
  try {
    const credential = await navigator.credentials.get(options)
    if (credential && 'code' in credential && typeof credential.code === 'string') onCode(credential.code)
  } catch {
    // Refused or aborted: the code is typed by hand.
  }
}
