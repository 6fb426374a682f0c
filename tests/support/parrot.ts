import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Something between the house and its vendors that may repeat, in an error, everything it was sent. */
export interface Parrot {
  url: string
  /** The next calls whose path holds this are refused, in many words. */
  repeat(path: string, times: number): void
  repeated(): number
}

export async function startParrot(t: { after: (run: () => void) => void }, vendorsUrl: string): Promise<Parrot> {
  const planned: { path: string; times: number }[] = []
  let repeated = 0
  const server = createServer((request, response) => {
    void (async () => {
      const body = await read(request)
      const plan = planned.find(({ path, times }) => times > 0 && request.url?.includes(path))
      if (plan) {
        plan.times -= 1
        repeated += 1
        response.writeHead(418, { 'content-type': 'application/json' })
        return response.end(inManyWords(request, body))
      }
      const {
        host: _host,
        connection: _connection,
        'content-length': _length,
        'transfer-encoding': _encoding,
        ...headers
      } = request.headers
      const answer = await fetch(vendorsUrl + (request.url ?? ''), {
        method: request.method ?? 'GET',
        headers: headers as Record<string, string>,
        ...(body.length > 0 && { body: Uint8Array.from(body) }),
      })
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' })
      return response.end(Buffer.from(await answer.arrayBuffer()))
    })().catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    repeat: (path, times) => void planned.push({ path, times }),
    repeated: () => repeated,
  }
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** The sent number and words once more, as vendors write them; each is JSON, so that every adapter reads it. */
function inManyWords(request: IncomingMessage, body: Buffer): string {
  const plain = decodeURIComponent(body.toString().replaceAll('+', ' '))
  const number = /\+?966\d{9}/.exec(plain)?.[0] ?? ''
  const local = number.replace(/^\+?966/, '0')
  const arabic = local.replace(/\d/g, (digit) => String.fromCharCode(0x0660 + Number(digit)))
  const message = [
    `Rejected: ${plain}`,
    `number ${number}, ${local}, ${local.slice(0, 3)} ${local.slice(3, 6)} ${local.slice(6)}, ${arabic}, ${encodeURIComponent(number)}`,
    `of ${request.headers.authorization ?? 'nobody'}`,
    'holder mona.planted@example.com card 4111 1111 1111 1111',
  ].join('; ')
  return JSON.stringify({ statusCode: 999, errorCode: 'ER-99', success: false, message, type: 'api_error', errors: null })
}
