import type { Database } from '#database'
import { callerOf, fromCursor, problems, ref, type Routes, toPage } from '#http'
import { paymentTerms, readPolicy } from './payment-terms.ts'
import { type BusinessRow, findBusiness, findBusinesses, findNamed, findServices, type ServiceRow } from './queries.ts'
import { Business, Businesses, MyBusinesses, SearchQuery, Service, Services, ServicesQuery, Slug } from './schemas.ts'

const tags = ['catalog']
const config = { access: 'public' } as const

export function catalogRoutes({ database }: { database: Database }): Routes {
  return async (app) => {
    app.addSchema(Business)
    app.addSchema(Service)
    app.get(
      '/v1/businesses',
      {
        config,
        schema: {
          operationId: 'listBusinesses',
          summary: 'Businesses, newest first, all or by name',
          tags,
          querystring: SearchQuery,
          response: { 200: Businesses },
        },
      },
      async (request) => {
        const { query = '', cursor, limit = 20 } = request.query
        const rows = await findBusinesses(database, { query: query.trim(), before: fromCursor(cursor), limit })
        return toPage(rows, limit, present)
      },
    )
    app.get(
      '/v1/me/businesses',
      {
        config: { access: 'account' },
        schema: { operationId: 'listMyBusinesses', summary: 'The businesses I own or work for', tags, response: { 200: MyBusinesses } },
      },
      async (request) => {
        const { roles } = callerOf(request)
        const owned = new Set(roles.flatMap(({ role, businessId }) => (role === 'owner' && businessId !== null ? [businessId] : [])))
        const ids = roles.flatMap(({ businessId }) => businessId ?? [])
        const named = ids.length === 0 ? [] : await findNamed(database, ids)
        return { items: named.map(({ id, slug, name }) => ({ id, slug, name, owner: owned.has(id) })) }
      },
    )
    app.get(
      '/v1/businesses/:slug',
      { config, schema: { operationId: 'getBusiness', summary: 'One business', tags, params: Slug, response: { 200: ref(Business) } } },
      async (request) => {
        const business = await findBusiness(database, request.params.slug)
        if (!business) throw problems.not_found()
        return present(business)
      },
    )
    app.get(
      '/v1/businesses/:slug/services',
      {
        config,
        schema: {
          operationId: 'listServices',
          summary: 'What a business sells',
          tags,
          params: Slug,
          querystring: ServicesQuery,
          response: { 200: Services },
        },
      },
      async (request) => {
        const services = await findServices(database, request.params.slug, request.query.locale ?? request.locale)
        if (!services) throw problems.not_found()
        return { items: services.map(presentService), nextCursor: null }
      },
    )
  }
}

function present({ id, slug, name, description, currency, branches, cancellation, reschedule }: BusinessRow) {
  const [first] = branches
  if (!first) throw new Error(`The business ${slug} has no branch.`)
  return { id, slug, name, description, currency, zone: first.zone, branches, policy: { cancellation, reschedule } }
}

function presentService({ payment, approvalHours, ...service }: ServiceRow) {
  const terms = paymentTerms(service.price, readPolicy(payment))
  const requiresPayment = terms.dueNow.amountMinor > 0
  // Only where nothing is paid now is there anything to wait for.
  return { ...service, requiresPayment, paymentTerms: terms, approvalHours: requiresPayment ? null : approvalHours }
}
