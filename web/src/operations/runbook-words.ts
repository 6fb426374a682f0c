/** What to do about each alert, in Arabic; the English stands with the rule and comes with the alert. Settings and metrics keep their names. */
export const arabicRunbooks: Readonly<Record<string, string>> = {
  money_open: 'صفحة الأموال تعرض ما سُئلت عنه البوابة وما أجابت به. اسألها من جديد، وإن كانت متوقفة فانتظر عودتها. وما اختلف فقراره لك.',
  money_unknown_to_us: 'من صفحة الأموال: اعتمده لحجز، أو أعده إلى صاحبه، أو اشطبه مع ذكر السبب.',
  money_not_compared: 'اضغط «طابِق مع البوابة الآن» في صفحة الأموال. الجواب، أو سجلّ المهمة reconcile، يقول لماذا تتوقف المطابقة.',
  promise_broken:
    'الاسم المذكور يقول أيّ وعد اختلّ، واستعلامه في server/operations/queries.ts. أصلح السطور يدويًا، واحتفظ بنسخة منها، وأبلغ عنها.',
  webhooks_late: 'المدفوعات تُحسم بسؤال البوابة على كل حال. راجع قاطع البوابة والمهمة process-webhooks.',
  vendor_down: 'المذكور مع التنبيه يقول مَن ولأي غرض. نعيد السؤال كل عشر ثوانٍ. إن لم تَعِد صفحة حالته بشيء فانتقل إلى مزوّد آخر.',
  vendor_misconfigured: 'رمز الرفض ظاهر مع المحاولة في هذه اللوحة. اشحن الرصيد، أو جدّد المفتاح، أو اطلب اعتماد اسم المرسل.',
  requests_failing:
    'المقياس http_server_request_duration_seconds بحسب المسار يقول أين الخلل. إن كان مسارًا يمرّ بمزوّد فانظر vendor_down، وإن شمل كل المسارات فانظر database_away.',
  bookings_slow: 'مع NOTIFICATION_DELIVERY=inline ننتظر مزوّد الرسائل البطيء: اجعلها queue. وإلا فراجع اتصالات قاعدة البيانات وحلقة الأحداث.',
  database_away: 'هل PostgreSQL يعمل؟ هل نفدت اتصالاته أو امتلأ قرصه؟ الخوادم باقية تعمل، وتعود جاهزة من تلقاء نفسها.',
  worker_stuck: 'المذكور مع التنبيه يقول أيّ عامل. بعد خمس دقائق يفشل ‎/livez فيعيد المشرف تشغيل العملية، ولا يضيع بذلك شيء.',
  worker_failing: 'في السجلّ كل إخفاق مع اسم المهمة.',
  pool_exhausted: 'استعلامات بطيئة أو اتصالات قليلة: انظر pg_stat_activity أولًا، ثم زد DATABASE_POOL_SIZE.',
  event_loop_slow: 'شغّل عملية أخرى، أو ابحث عمّا يحسب طويلًا.',
  clock_skewed: 'المهل التي تلزم الناس تُحسب بساعة قاعدة البيانات، والرموز بساعة الخادم. اضبط الساعتين عبر NTP.',
  codes_failing:
    'لا أحد يستطيع الدخول. اجعل OTP_PROVIDER مزوّدًا آخر وأعد التشغيل. والمقياس external_call_duration_seconds يقول كيف يفشل الحالي.',
  codes_failing_few: 'أقلّ من أن يُوقظ أحدًا بهذا العدد. انظر سطور السجلّ ذات الحدث code ورمز المزوّد فيها.',
  codes_stopped:
    'أهو ضخّ رسائل (otp_sent_total بحسب البلد، والمؤكَّد قليل) أم إقبال؟ ارفع CODE_SPEND_CAP_PER_DAY أو CODE_LIMIT_TOTAL_PER_HOUR للثاني فقط.',
  codes_prefix_stopped: 'رموز تُرسل إلى هذه الأرقام ولا تُكتب. إن كان ضخّ رسائل فلا يلزمك شيء، ويُفتح من جديد تلقائيًا.',
  codes_pumped: 'المقياس otp_sent_total بحسب البلد والفئة يقول أين. أزل البلد من CODE_COUNTRIES أو اخفض CODE_LIMIT_TOTAL_PER_HOUR.',
  messages_failing_fast:
    'صفِّ الرسائل هنا بحسب المزوّد والسبب. إن كان مزوّد متوقفًا فضع غيره أولًا في NOTIFICATION_PROVIDER وأعد التشغيل، ثم أعد إرسال الفاشلة.',
  messages_failing: 'كما في messages_failing_fast ولكن أبطأ؛ ابحث أولًا عن قناة واحدة أو نوع واحد أو بلد واحد.',
  messages_failing_slowly: 'اجمع الرسائل الفاشلة بحسب السبب. الأرقام الخاطئة تخصّ المنشآت، ورفض اسم المرسل يخصّ المزوّد.',
  messages_late:
    'انظر الرسائل قيد الإرسال: محاولاتها تقول أيرفض المزوّد أم لا أحد يعمل. إن لم تكن لها محاولات، فهل npm run work أو الخادم يعمل؟',
  messages_unattended: 'أعد إرسال كل منها، أو أرسلها بقناة أخرى، أو أغلقها مع ذكر السبب.',
  messages_unattended_many: 'صفِّها بحسب السبب وأعد إرسال كل ما يوافق، واتصل بمن موعده غدًا.',
  messages_missing:
    'خلل في نظامنا. اعثر على الحجوزات بالاستعلام notification_missing في server/operations/queries.ts، وأبلغ أصحابها، وأبلغ عنها.',
  messages_dead: 'لا يُسلَّم شيء أبدًا. هل يعمل عامل؟ هل في السجلّ notification_interrupted؟ أعد تشغيل العمّال.',
  canary_late: 'رسالة الفحص تسلك طريق رسائل العملاء. محاولاتها في هذه اللوحة (نوع الرسالة: رسالة فحص) تقول أين تتوقف.',
  canary_undelivered: 'المزوّد يقبل الرسائل ولا يفيد بوصولها. راجع صفحة حالته والعنوان الذي يرسل إليه تقاريره.',
  messages_undelivered: 'قارن المزوّدين هنا بحسب الوصول. حجب اسم المرسل يبدو هكذا؛ اسأل المزوّد.',
  messages_reclaimed: 'شيء ما يقتل العمّال: راجع حدود الذاكرة وإعادات التشغيل. قد تكون رسائل قد أُرسلت مرتين.',
}
