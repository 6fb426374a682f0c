/** The server answered, and the answer is no: one stable `code`, a `title` in the language asked for. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly code: string
  readonly status: number
  readonly title: string
  /** Seconds the server asked to wait, where it did. */
  readonly retryAfterSeconds: number | null
  /** Everything else the problem carried, such as `alternatives` or `challengeId`. */
  readonly extra: Readonly<Record<string, unknown>>

  constructor(status: number, body: Record<string, unknown>, retryAfter: string | null) {
    const { code, title, ...extra } = body
    super(`${status} ${String(code)}`)
    this.code = String(code)
    this.status = status
    this.title = typeof title === 'string' ? title : String(code)
    this.retryAfterSeconds = retryAfter === null ? null : Number(retryAfter) || null
    this.extra = extra
  }
}

/** No answer that can be trusted came back, so it is not known whether the server did the work: retry with the same key. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError'
  readonly reason: 'unreachable' | 'timed_out' | 'unreadable'

  constructor(reason: NoAnswerError['reason'], cause?: unknown) {
    super(`no answer: ${reason}`, { cause })
    this.reason = reason
  }
}

/** Turns an answer that is not a success into the error to throw. */
export async function toError(response: Response): Promise<ProblemError | NoAnswerError> {
  try {
    const body: unknown = await response.json()
    if (typeof body === 'object' && body !== null && 'code' in body) {
      return new ProblemError(response.status, { ...body }, response.headers.get('retry-after'))
    }
  } catch (error) {
    return new NoAnswerError('unreadable', error)
  }
  return new NoAnswerError('unreadable')
}
