import { Type } from 'typebox'

export const MessagePreviews = Type.Object({
  items: Type.Array(
    Type.Object({
      kind: Type.String(),
      variant: Type.String({ description: 'Which of the kind’s bodies; plain where there is one.' }),
      audience: Type.String({ description: 'customer, staff or operator.' }),
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
