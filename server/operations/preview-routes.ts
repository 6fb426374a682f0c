import { Type } from 'typebox'
import type { Routes } from '#http'
import { previewMessages } from '#notifications'

const MessagePreviews = Type.Object({
  items: Type.Array(
    Type.Object({
      kind: Type.String(),
      variant: Type.String({ description: 'Which of the kind’s bodies; plain where there is one.' }),
      audience: Type.String({ description: 'customer or staff.' }),
      promotional: Type.Boolean({ description: 'Sent only with consent, within hours and under a sender name that ends in -AD.' }),
      locale: Type.String(),
      text: Type.String(),
      subject: Type.String({ description: 'Of the mail.' }),
      encoding: Type.String({ description: 'GSM-7 or UCS-2, as an SMS.' }),
      units: Type.Integer({ description: 'Septets in GSM-7, 16-bit units in UCS-2.' }),
      parts: Type.Integer({ description: 'What it is billed as: 160 alone and 153 in each part, or 70 and 67.' }),
      template: Type.String({ description: 'Its name at vendors of templates.' }),
      templateBody: Type.String({ description: 'As it is handed in for approval.' }),
      values: Type.Array(Type.String(), { description: 'What stands at {{1}}, {{2}} and so on.' }),
    }),
  ),
})

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
