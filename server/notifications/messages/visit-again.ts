import { defineMessage } from './message.ts'
import type { BookingWords } from './wording.ts'

export const visitAgain = defineMessage({
  audience: 'customer',
  promotional: true,
  variant: (_words: BookingWords) => 'plain',
  bodies: {
    plain: {
      ar: 'سعدنا بزيارتك في {business} ويسرّنا أن نراك مجددًا. موعد {service} القادم بانتظارك متى شئت. لإيقاف هذه الرسائل غيّر اختيارك في حسابك.',
      en: 'It was a pleasure to see you at {business}. Your next {service} is ready when you are. To stop these messages, change it in your account.',
    },
  },
  subject: { ar: 'يسرّنا أن نراك مجددًا في {business}', en: 'See you again at {business}' },
})
