import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { problems } from './errors.ts'

const builtPages = fileURLToPath(new URL('../../web/dist/', import.meta.url))
const notPages = /^\/(v1|docs|metrics|livez|readyz|openapi\.json|assets)(\/|$)/

/** Serves the built web pages; any other address a browser opens is one of the pages' own. Unknown paths and methods get problems. */
export async function serveWebPages(app: FastifyInstance, root = builtPages): Promise<void> {
  const methods = new Map<RegExp, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    const pattern = new RegExp(
      `^${url
        .replace(/[.+?()[\]{}^$|\\]/g, '\\$&')
        .replace(/:[A-Za-z]+/g, '[^/]+')
        .replace(/\*/g, '.*')}$`,
    )
    const known = [...methods.keys()].find((key) => key.source === pattern.source) ?? pattern
    methods.set(known, new Set([...(methods.get(known) ?? []), ...[method].flat()]))
  })
  const built = existsSync(`${root}index.html`)
  if (built) {
    await app.register(fastifyStatic, {
      root,
      wildcard: false,
      index: false,
      cacheControl: false,
      // The build leaves each text file compressed beside itself.
      preCompressed: true,
      setHeaders: (response, path) =>
        void response.header(
          'cache-control',
          /\/assets\//.test(path.replaceAll('\\', '/')) ? 'public, max-age=31536000, immutable' : 'no-cache',
        ),
    })
  }
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? ''
    const allowed = [...methods].filter(([pattern]) => pattern.test(path) && !/^\/?\*?$/.test(path)).flatMap(([, known]) => [...known])
    if (allowed.length > 0 && !allowed.includes(request.method)) {
      void reply.header('allow', [...new Set(allowed)].join(', '))
      throw problems.method_not_allowed()
    }
    const page =
      built &&
      (request.method === 'GET' || request.method === 'HEAD') &&
      !notPages.test(path) &&
      (request.headers.accept ?? '').includes('text/html')
    if (page) return reply.header('cache-control', 'no-cache').sendFile('index.html')
    throw problems.not_found()
  })
}
