import type { Routes } from '#http'
import { previewMessages } from '#notifications'
import { MessagePreviews } from './preview-schemas.ts'

/** Every message the house sends, to be read before anyone gets it. */
export const previewRoutes: Routes = async (app) => {
  app.get(
    '/v1/ops/message-previews',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'previewMessages',
        summary: 'Every message in both languages, with its length, encoding and SMS parts',
        tags: ['operations'],
        response: { 200: MessagePreviews },
      },
    },
    async () => ({ items: previewMessages() }),
  )
}
