import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { ProblemBody, ref, sharedSchemas } from './schemas.ts'

const anyProblem = {
  description: 'What went wrong, said in the caller’s language.',
  content: { 'application/problem+json': { schema: ref(ProblemBody) } },
}

/** The contract, made from the same schemas that check requests: `/openapi.json` for programs, `/docs` for people. */
export async function describeRoutes(app: FastifyInstance): Promise<void> {
  for (const schema of sharedSchemas) app.addSchema(schema)
  app.addHook('onRoute', (route) => {
    if (!route.url.startsWith('/v1/')) {
      route.schema = { hide: true, ...route.schema }
      return
    }
    const headers = route.config?.idempotency
      ? {
          type: 'object',
          properties: { 'idempotency-key': { type: 'string', maxLength: 255 } },
          required: route.config.idempotency === 'required' ? ['idempotency-key'] : [],
        }
      : undefined
    route.schema = {
      ...route.schema,
      ...(headers && { headers }),
      ...(route.config?.access !== 'public' && { security: [{ accessToken: [] }] }),
      response: { ...(route.schema?.response as object), '4xx': anyProblem, '5xx': anyProblem },
    }
  })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.1',
      info: {
        title: 'Thabit',
        version: '1',
        description: 'Bookings that stand: businesses, free times, one-time codes, bookings and payments.',
        license: { name: 'Apache-2.0' },
      },
      components: { securitySchemes: { accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, index) => (typeof json.$id === 'string' ? json.$id : `schema-${index}`) },
  })
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true })
  app.get('/openapi.json', () => app.swagger())
}
