import { createServer, connect, type AddressInfo, type Socket } from 'node:net'

export interface CuttingProxy {
  /** The database's address, through here. */
  url: string
  /** Cuts from now on, or no more. */
  cutting: boolean
  /** How many COMMITs came by, how many connections ended right behind one, and how many behind something else. */
  counts: { commits: number; cutAfterCommit: number; cutElsewhere: number }
  close(): Promise<void>
}

/** Of a hundred commits, and of a hundred other messages, so many are the last thing that gets through. */
const cutAfterCommitPercent = 25
const cutElsewherePercent = 1

/** Stands before PostgreSQL and cuts connections: what was sent arrives, the answer never does. */
export async function startCuttingProxy(databaseUrl: string, lot: () => number): Promise<CuttingProxy> {
  const { hostname, port } = new URL(databaseUrl)
  const counts = { commits: 0, cutAfterCommit: 0, cutElsewhere: 0 }
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.once('close', () => sockets.delete(socket))
    }
    upstream.on('data', (bytes: Buffer) => client.write(bytes))
    upstream.once('close', () => client.destroy())
    client.once('close', () => upstream.end())
    client.on('data', (bytes: Buffer) => {
      const commit = isCommit(bytes)
      if (commit) counts.commits += 1
      const cut = proxy.cutting && lot() * 100 < (commit ? cutAfterCommitPercent : cutElsewherePercent)
      if (!cut) {
        upstream.write(bytes)
        return
      }
      counts[commit ? 'cutAfterCommit' : 'cutElsewhere'] += 1
      upstream.removeAllListeners('data')
      upstream.end(bytes)
      client.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const through = new URL(databaseUrl)
  through.port = String((server.address() as AddressInfo).port)
  const proxy: CuttingProxy = {
    url: through.href,
    cutting: false,
    counts,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
  return proxy
}

/** A simple query of the wire protocol: Q, a length, the words, a zero. */
function isCommit(bytes: Buffer): boolean {
  return bytes[0] === 0x51 && bytes.toString('latin1', 5, 11).toLowerCase() === 'commit'
}
