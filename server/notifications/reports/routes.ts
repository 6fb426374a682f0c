import type { Routes } from '#http'
import { answerChallenge, type ReportNeeds, receiveReports } from './delivery-reports.ts'
import { Challenge, ChallengeEndpoint, ReportBody, ReportEndpoint, ReportKept, ReportQuery } from './schemas.ts'

const tags = ['notifications']
const config = { access: 'public' } as const
const types = ['application/json', 'application/x-www-form-urlencoded'] as const
/** A vendor may put hundreds of reports into one body; more than this is not one. */
const mostBytes = 256 * 1024

/** Where vendors post what became of messages they took. */
export function deliveryReportRoutes(needs: ReportNeeds, publicUrl: string): Routes {
  return async (app) => {
    // A signature is over the bytes as they came. Kept as text in which one character is one byte, whatever the type says.
    app.removeAllContentTypeParsers()
    app.addContentTypeParser([...types], { parseAs: 'buffer', bodyLimit: mostBytes }, (_request, body: Buffer, done) =>
      done(null, body.toString('latin1')),
    )
    app.post(
      '/v1/webhooks/:provider/:endpointId',
      {
        config,
        schema: {
          operationId: 'receiveDeliveryReport',
          summary: 'What a vendor says became of messages it took',
          tags,
          consumes: [...types],
          params: ReportEndpoint,
          querystring: ReportQuery,
          body: ReportBody,
          response: { 200: ReportKept },
        },
      },
      async ({ params: { provider, endpointId }, headers, body, query, originalUrl }) => {
        await receiveReports(needs, provider, endpointId, {
          headers,
          rawBody: Buffer.from(typeof body === 'string' ? body : '', 'latin1'),
          url: publicUrl + originalUrl,
          query: { ...query },
        })
        return { received: true }
      },
    )
    app.get(
      '/v1/webhooks/whatsapp/:endpointId',
      {
        config,
        schema: {
          operationId: 'answerWebhookChallenge',
          summary: 'Meta’s question whether the address of the reports is ours',
          tags,
          params: ChallengeEndpoint,
          querystring: ReportQuery,
          response: { 200: Challenge },
        },
      },
      async ({ params: { endpointId }, query }, reply) =>
        reply.type('text/plain; charset=utf-8').send(answerChallenge(needs, 'whatsapp', endpointId, { ...query })),
    )
  }
}
