import type { FastifyRequest } from 'fastify'
import { problems } from './errors.ts'

/**
 * Refuses a request that another site made a browser send. Browsers say where a request comes from by Sec-Fetch-Site, old ones by
 * Origin; a program that says neither brings no cookie it was not given. Throws cross_site_refused.
 */
export function refuseCrossSite(request: FastifyRequest, publicUrl: string): void {
  const site = request.headers['sec-fetch-site']
  const { origin } = request.headers
  if (site === 'same-origin' || (site === undefined && origin === undefined)) return
  if (
    site === undefined &&
    origin !== undefined &&
    (origin === new URL(publicUrl).origin || origin === `${request.protocol}://${request.host}`)
  )
    return
  throw problems.cross_site_refused()
}
