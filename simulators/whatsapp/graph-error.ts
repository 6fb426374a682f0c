import { randomBytes } from 'node:crypto'
import type { Answer } from '../answers.ts'
import { json } from '../answers.ts'

/** A refusal as the Graph API words it. */
export function graphError(status: number, code: number, message: string, subcode?: number): Answer {
  return json(status, {
    error: {
      message: `(#${code}) ${message}`,
      type: 'OAuthException',
      code,
      ...(subcode !== undefined && { error_subcode: subcode }),
      ...(status === 429 && { is_transient: true }),
      error_data: { messaging_product: 'whatsapp', details: message },
      fbtrace_id: randomBytes(8).toString('base64url'),
    },
  })
}
