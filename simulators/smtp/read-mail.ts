/** What a person sees of a mail: subject, sender, and its plain text. Reads what our own composers write; no more of MIME. */
export type Mail = { from: string; subject: string; text: string; messageId: string | null }

type Part = { headers: Map<string, string>; body: Buffer }

export function readMail(raw: Buffer): Mail {
  const whole = split(raw)
  const text = plainPart(whole)
  return {
    from: words(whole.headers.get('from') ?? ''),
    subject: words(whole.headers.get('subject') ?? ''),
    text: text === undefined ? '' : decoded(text).replaceAll('\r\n', '\n').trim(),
    messageId: whole.headers.get('message-id') ?? null,
  }
}

function split(raw: Buffer): Part {
  const at = raw.indexOf('\r\n\r\n')
  const head = raw.subarray(0, at === -1 ? raw.length : at).toString('utf8')
  const headers = new Map<string, string>()
  for (const line of head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const [, name, value] = /^([\w-]+):\s*(.*)$/.exec(line) ?? []
    if (name !== undefined && value !== undefined) headers.set(name.toLowerCase(), value)
  }
  return { headers, body: at === -1 ? Buffer.alloc(0) : raw.subarray(at + 4) }
}

/** The first `text/plain`, however deep; a mail without a type is plain text. */
function plainPart(part: Part): Part | undefined {
  const type = part.headers.get('content-type') ?? 'text/plain'
  if (/^text\/plain/i.test(type)) return part
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1]
  if (boundary === undefined) return undefined
  const pieces = part.body.toString('latin1').split(`--${boundary}`).slice(1, -1)
  for (const piece of pieces) {
    const found = plainPart(split(Buffer.from(piece.replace(/^\r\n/, ''), 'latin1')))
    if (found !== undefined) return found
  }
  return undefined
}

function decoded({ headers, body }: Part): string {
  const encoding = (headers.get('content-transfer-encoding') ?? '7bit').toLowerCase()
  if (encoding === 'base64') return Buffer.from(body.toString('latin1'), 'base64').toString('utf8')
  return encoding === 'quoted-printable' ? quotedPrintable(body.toString('latin1').replace(/=\r\n/g, '')) : body.toString('utf8')
}

function quotedPrintable(text: string): string {
  return Buffer.from(unescaped(text), 'latin1').toString('utf8')
}

/** `=D9` as the byte it stands for. */
function unescaped(text: string): string {
  return text.replace(/=([0-9A-F]{2})/gi, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** `=?UTF-8?B?…?=` and `=?UTF-8?Q?…?=`, one after another: a letter of several bytes may begin in one and end in the next. */
function words(text: string): string {
  return text.replace(/=\?utf-8\?[bq]\?[^?]*\?=(?:\s*=\?utf-8\?[bq]\?[^?]*\?=)*/gi, (run) => {
    const bytes = Array.from(run.matchAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi), ([, kind = '', coded = '']) =>
      kind.toLowerCase() === 'b' ? Buffer.from(coded, 'base64') : Buffer.from(unescaped(coded.replaceAll('_', ' ')), 'latin1'),
    )
    return Buffer.concat(bytes).toString('utf8')
  })
}
