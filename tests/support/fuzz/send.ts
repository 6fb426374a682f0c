/** Requests over real connections that stay open, as a browser and a proxy keep them. */
import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http'

export interface Sent {
  method: string
  address: string
  headers: [name: string, value: string][]
  body: string | null
}

export interface Answer {
  /** 0 when the connection was cut before an answer came. */
  status: number
  headers: IncomingHttpHeaders
  text: string
  tookMs: number
}

export interface Wire {
  send(sent: Sent): Promise<Answer>
  close(): void
}

export function openWire(baseUrl: string, connections: number): Wire {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const { hostname, port } = new URL(baseUrl)
  return {
    close: () => agent.destroy(),
    send: ({ method, address, headers, body }) =>
      new Promise((resolve, reject) => {
        const startedAtMs = performance.now()
        const ended = (status: number, answered: IncomingHttpHeaders, text: string) =>
          resolve({ status, headers: answered, text, tookMs: performance.now() - startedAtMs })
        const request = httpRequest({ agent, hostname, port, method, path: address, timeout: 20_000 })
        for (const name of new Set(headers.map(([given]) => given))) {
          const values = headers.filter(([given]) => given === name).map(([, value]) => value)
          request.setHeader(name, values.length === 1 ? values[0]! : values)
        }
        if (body !== null) request.setHeader('content-length', Buffer.byteLength(body))
        request.on('response', (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('error', reject)
          response.on('end', () => ended(response.statusCode ?? 0, response.headers, Buffer.concat(chunks).toString()))
        })
        request.on('timeout', () => request.destroy(new Error(`No answer within 20 s: ${method} ${address.slice(0, 200)}`)))
        request.on('error', (error: NodeJS.ErrnoException) => {
          if (error.code === 'EPIPE' || error.code === 'ECONNRESET') ended(0, {}, error.code)
          else reject(error)
        })
        request.end(body)
      }),
  }
}
