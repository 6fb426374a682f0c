import { Type } from 'typebox'

export const ReportEndpoint = Type.Object({
  provider: Type.String({ minLength: 1, maxLength: 40, description: 'unifonic, taqnyat, twilio or whatsapp.' }),
  endpointId: Type.String({
    minLength: 1,
    maxLength: 200,
    description: 'The unguessable part of the address, as the vendor was given it.',
  }),
})
export const ChallengeEndpoint = Type.Object({ endpointId: Type.String({ minLength: 1, maxLength: 200 }) })
/** A vendor's body, JSON or a form, as it came to the last byte: its signature is over that. Nothing in it is refused here. */
export const ReportBody = Type.Unsafe<string>({ description: 'The report as the vendor sends it: JSON or a form.' })
/** Nor is anything a vendor adds to the address it was given. */
export const ReportQuery = Type.Object({}, { additionalProperties: true })
export const ReportKept = Type.Object({ received: Type.Boolean() })
export const Challenge = {
  description: 'What was asked to be repeated.',
  content: { 'text/plain': { schema: Type.String() } },
}
