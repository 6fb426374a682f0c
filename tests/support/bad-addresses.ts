import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { selfSigned } from './certificates.ts'

type TestContext = { after(run: () => Promise<void> | void): void }

/** Base addresses at which a vendor cannot be reached, by what is wrong with them; for the process of one test file. */
export async function startBadAddresses(t: TestContext): Promise<Record<string, string>> {
  const open = new Set<{ destroy(): void }>()
  const listen = async (server: Server): Promise<number> => {
    server.on('connection', (socket) => {
      open.add(socket)
      socket.on('error', () => {})
    })
    server.on('tlsClientError', () => {})
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.after(() => void server.close())
    return (server.address() as AddressInfo).port
  }
  t.after(() => {
    for (const socket of open) socket.destroy()
  })
  const secured = (certificate: { key: string; cert: string }) =>
    listen(createHttpsServer(certificate, (_request, response) => void response.end('{}')))

  const closed = createServer()
  const gone = await listen(closed)
  await new Promise((resolve) => closed.close(resolve))

  const stranger = selfSigned('localhost')
  const otherName = selfSigned('other.test')
  const ranOut = selfSigned('localhost', { validDays: -1 })
  const trusted = getCACertificates('default')
  setDefaultCACertificates([...trusted, otherName.cert, ranOut.cert])
  t.after(() => setDefaultCACertificates(trusted))

  return {
    'no such name': 'http://thabit.invalid',
    'nobody listens': `http://127.0.0.1:${gone}`,
    'no TLS there': `https://127.0.0.1:${await listen(createServer((socket) => void socket.end('HTTP/1.1 200 OK\r\n\r\n')))}`,
    'TLS that never answers': `https://127.0.0.1:${await listen(createServer(() => {}))}`,
    'certificate nobody vouches for': `https://localhost:${await secured(stranger)}`,
    'certificate of another name': `https://localhost:${await secured(otherName)}`,
    'certificate that ran out': `https://localhost:${await secured(ranOut)}`,
  }
}
