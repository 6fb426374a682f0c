import { defineProblems } from '#foundation'

export const problems = defineProblems({
  not_ready: {
    status: 503,
    title: { ar: 'الخادم غير جاهز لاستقبال الطلبات الآن.', en: 'This server is not ready for requests now.' },
    retryable: true,
  },
})
