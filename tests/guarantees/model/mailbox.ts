import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A webhook as the gateway sent it. */
export interface Letter {
  id: string
  type: string
  secret_token: string
  data: { id: string; invoice_id: string | null; [member: string]: unknown }
  [member: string]: unknown
}

/** Takes the gateway's webhooks and keeps them, so that a run decides when they arrive, how often, and whether at all. */
export async function openMailbox(): Promise<{ url: string; letters: Letter[]; close(): Promise<void> }> {
  const letters: Letter[] = []
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = ''
    for await (const chunk of request) text += String(chunk)
    letters.push(JSON.parse(text) as Letter)
    response.writeHead(200).end()
  }
  const server = createServer((request, response) => void take(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    letters,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
