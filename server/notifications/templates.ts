import { bodiesOf, notificationKinds } from './messages.ts'
import { asTemplate } from './messages/message.ts'

/** Every template that vendors of templates must approve before our messages can be sent by them, in both languages. */
export function messageTemplates(): { name: string; language: 'ar' | 'en'; body: string }[] {
  return notificationKinds.flatMap((kind) =>
    bodiesOf(kind).flatMap(({ template: name, text }) =>
      (['ar', 'en'] as const).map((language) => ({ name, language, body: asTemplate(text[language]) })),
    ),
  )
}
