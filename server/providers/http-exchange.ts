import { CallFailure, type CallErrorType } from '#external-calls'
import { currentTraceParent } from '#foundation'

const userAgent = 'Thabit'

export interface Exchange {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  url: string
  headers?: Record<string, string>
  /** Form fields are sent as a form; text as it is, its content type among the headers. */
  body?: string | URLSearchParams
  /** The deadline of the whole call: it also stops the reading of an answer that drips. */
  signal: AbortSignal
  /** An answer longer than this is not read to its end. */
  maxBytes?: number
}

export interface Answer {
  status: number
  headers: Headers
  text: string
  /** The vendor's own name for this call, to be quoted to its support. */
  requestId?: string
}

/**
 * One HTTP call to a vendor, its answer read whole. Any status is an answer; only a call without a whole answer throws
 * CallFailure: `unreachable` when no byte of ours can have arrived, `unknown` once one may have. Redirects are not
 * followed. Nothing of a request or an answer is put into the failure: both hold personal data and credentials.
 */
export async function exchange({ method, url, headers = {}, body, signal, maxBytes = 256 * 1024 }: Exchange): Promise<Answer> {
  const traceParent = currentTraceParent()
  try {
    const response = await fetch(url, {
      method,
      headers: {
        accept: 'application/json',
        'user-agent': userAgent,
        ...(traceParent !== null && { traceparent: traceParent }),
        ...headers,
      },
      ...(body !== undefined && { body }),
      redirect: 'error',
      signal,
    })
    const text = await readCapped(response, maxBytes)
    const requestId = response.headers.get('x-request-id') ?? response.headers.get('request-id')
    return { status: response.status, headers: response.headers, text, ...(requestId !== null && { requestId: requestId.slice(0, 200) }) }
  } catch (error) {
    throw toCallFailure(error, signal)
  }
}

/** The members of an answer that is a JSON object; throws CallFailure (unknown, bad_body) for an HTML page, an empty or a cut answer. */
export function parseJson(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch {
    // Told below, without the text: it may hold anything.
  }
  throw new CallFailure({ outcome: 'unknown', errorType: 'bad_body', detail: 'The answer is not a JSON object.' })
}

/** A vendor's id or code as text, whether it came as text or as a number. */
export function toText(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 200) : null
}

/** A status of 400 and above as a word for the metrics. */
export function errorTypeOfStatus(status: number): CallErrorType {
  if (status === 429) return 'http_429'
  return status >= 500 ? 'http_5xx' : 'http_4xx'
}

async function readCapped(response: Response, maxBytes: number): Promise<string> {
  if (!response.body) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  // Leaving the loop early cancels the stream and with it the connection.
  for await (const chunk of response.body) {
    bytes += chunk.byteLength
    if (bytes > maxBytes)
      throw new CallFailure({ outcome: 'unknown', errorType: 'cap_exceeded', detail: `The answer is longer than ${maxBytes} bytes.` })
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

const noName = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME'])
const noConnection = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
])
const noTrust = /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO)/

function toCallFailure(error: unknown, signal: AbortSignal): CallFailure {
  if (error instanceof CallFailure) return error
  if (signal.aborted) {
    if (signal.reason instanceof CallFailure) return signal.reason
    return new CallFailure({ outcome: 'unknown', errorType: 'timeout', detail: 'The call was given up.' })
  }
  const cause = error instanceof Error ? error.cause : undefined
  if (cause === undefined && error instanceof TypeError) {
    // The request could not even be written: a bad address, or a credential with a character no header may hold.
    return new CallFailure({
      outcome: 'refused',
      errorType: 'misconfigured',
      cause: 'configuration',
      detail: 'The request cannot be written: look at the address and the credential.',
    })
  }
  const code = codeOf(cause)
  if (noName.has(code)) return new CallFailure({ outcome: 'unreachable', errorType: 'dns', detail: code })
  if (noConnection.has(code)) return new CallFailure({ outcome: 'unreachable', errorType: 'connect', detail: code })
  if (noTrust.test(code)) return new CallFailure({ outcome: 'unreachable', errorType: 'tls', detail: code })
  if (cause instanceof Error && cause.message === 'bad port')
    return new CallFailure({
      outcome: 'refused',
      errorType: 'misconfigured',
      cause: 'configuration',
      detail: 'That port may not be called.',
    })
  if (cause instanceof Error && cause.message === 'unexpected redirect')
    return new CallFailure({ outcome: 'unknown', errorType: 'unknown_status', detail: 'The vendor sent us elsewhere; we do not follow.' })
  return new CallFailure({ outcome: 'unknown', errorType: 'reset', detail: code || 'The connection broke.' })
}

/** The system's name of a network fault; that of the first address tried when there were several. */
function codeOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.errors.length > 0) return codeOf(cause.errors[0])
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
}
