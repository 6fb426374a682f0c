import { defineProblems } from '#foundation'

export const problems = defineProblems({
  not_alive: {
    status: 503,
    title: { ar: 'توقف عمل دوري في هذا الخادم ويلزم إعادة تشغيله.', en: 'A sweep of this server is stuck; it should be restarted.' },
  },
  not_ready: {
    status: 503,
    title: { ar: 'الخادم غير جاهز لاستقبال الطلبات الآن.', en: 'This server is not ready for requests now.' },
    retryable: true,
  },
})
