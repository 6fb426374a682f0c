import { defineProblems } from '#foundation'

export const problems = defineProblems({
  notification_not_failed: {
    status: 409,
    title: { ar: 'لا يُعاد إرسال رسالة إلا إذا تعذّر إرسالها.', en: 'Only a message that failed can be sent again.' },
  },
})
