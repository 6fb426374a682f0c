import { createServer } from 'node:net'

/** A browser that is sent to localhost may try any of these first. */
const LOCAL_ADDRESSES = ['127.0.0.1', '::1', '0.0.0.0']

/** The first port from `wanted` on that nobody listens on; for 0, any that is free. */
export async function freePort(wanted: number, except: readonly number[] = []): Promise<number> {
  if (wanted === 0) return portOf(await listenOn('127.0.0.1', 0))
  for (let port = wanted; port <= 65_535; port++) {
    if (!except.includes(port) && (await isFree(port))) return port
  }
  throw new Error(`No port from ${wanted} on is free.`)
}

async function isFree(port: number): Promise<boolean> {
  for (const address of LOCAL_ADDRESSES) if ((await listenOn(address, port)) === 'taken') return false
  return true
}

/** Listens for an instant. An address this machine does not have cannot be taken either. */
function listenOn(address: string, port: number): Promise<number | 'taken' | 'no such address'> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT' ? 'no such address' : 'taken'),
    )
    server.listen({ host: address, port, ipv6Only: true }, () => {
      const bound = server.address()
      server.close(() => resolve(typeof bound === 'object' && bound !== null ? bound.port : port))
    })
  })
}

function portOf(found: number | string): number {
  if (typeof found !== 'number') throw new Error('This machine gives out no ports on 127.0.0.1.')
  return found
}
