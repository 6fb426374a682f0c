import { defineProblems } from '#foundation'

export const problems = defineProblems({
  messaging_not_offered: {
    status: 409,
    title: { ar: 'لا تتوفر هنا إحدى القنوات أو أحد المزوّدين المختارين.', en: 'One of the channels or vendors is not available here.' },
  },
  notification_not_failed: {
    status: 409,
    title: {
      ar: 'لا يُعاد إرسال رسالة إلا إذا تعذّر إرسالها أو أفاد المزوّد بأنها لم تصل.',
      en: 'Only a message that failed, or that the vendor reports as not delivered, can be sent again.',
    },
  },
  notification_taken: {
    status: 409,
    title: {
      ar: 'سُئل المزوّد فأفاد بأنه استلم هذه الرسالة، فلم تُرسل مرة أخرى.',
      en: 'The vendor was asked and says it took this message: it was not sent again.',
    },
  },
  notification_not_open: {
    status: 409,
    title: { ar: 'لم تعد هذه الرسالة بحاجة إلى إجراء.', en: 'Nothing is left to be done about this message.' },
  },
  notification_channel_unfit: {
    status: 409,
    title: {
      ar: 'لا يمكن إرسال هذه الرسالة بهذه القناة: لا عنوان لصاحبها فيها، أو سبق إرسالها بها، أو لا مزوّد لها.',
      en: 'This message cannot go by this channel: its recipient has no address there, it went that way before, or no vendor carries it.',
    },
  },
  delivery_report_not_trusted: {
    status: 401,
    title: { ar: 'لم يثبت أن هذا التقرير من المزوّد.', en: 'Nothing shows that this report comes from the vendor.' },
  },
})
