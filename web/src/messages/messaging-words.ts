import { plural } from '../language/plural.ts'

/** The words of a business's message settings: kept out of the customers’ page. */
const ar = {
  title: 'إعدادات الرسائل',
  signIn: 'ادخل برقم مالك المنشأة.',
  forbiddenTitle: 'هذه الصفحة لمالك المنشأة',
  forbiddenText: 'الحساب الذي دخلت به ليس حساب مالك هذه المنشأة.',
  channels: 'بأي قناة نراسل عملاءك؟',
  channelsHint: 'إذا تعذّر الإرسال بالأولى نرسل بالتي بعدها. التعذّر المؤكد فقط هو ما ينقلنا إليها، فلا تصل الرسالة مرتين.',
  place: ['القناة الأولى', 'ثم', 'وأخيرًا'],
  noMore: 'بلا قناة أخرى',
  channel: { sms: 'رسالة نصية', whatsapp: 'واتساب', email: 'بريد إلكتروني' } as Record<string, string>,
  vendor: (channel: string) => `المزوّد الأول: ${channel}`,
  houseOrder: 'ترتيب المنصة',
  reminders: 'متى نذكّر العميل بموعده؟',
  remindersHint: 'أربع مرات على الأكثر.',
  before: {
    minutes: (count: number) =>
      plural('ar', count, {
        one: 'قبل الموعد بدقيقة',
        two: 'قبل الموعد بدقيقتين',
        few: 'قبل الموعد بـ # دقائق',
        other: 'قبل الموعد بـ # دقيقة',
      }),
    hours: (count: number) =>
      plural('ar', count, {
        one: 'قبل الموعد بساعة',
        two: 'قبل الموعد بساعتين',
        few: 'قبل الموعد بـ # ساعات',
        other: 'قبل الموعد بـ # ساعة',
      }),
    days: (count: number) =>
      plural('ar', count, {
        one: 'قبل الموعد بيوم',
        two: 'قبل الموعد بيومين',
        few: 'قبل الموعد بـ # أيام',
        other: 'قبل الموعد بـ # يومًا',
      }),
  },
  team: 'الفريق والإيصالات',
  staffTold: 'أبلغوا المالك والموظفين بالحجوزات الجديدة والمتغيّرة والملغاة.',
  receiptApart: 'أرسلوا إيصال الدفع في رسالة مستقلة عن تأكيد الحجز.',
  save: 'حفظ',
  saved: 'حُفظت الإعدادات، وتسري على الرسائل القادمة.',
}

const en: typeof ar = {
  title: 'Message settings',
  signIn: 'Sign in with the number of the business’s owner.',
  forbiddenTitle: 'This page is for the owner of the business',
  forbiddenText: 'The account you are signed in with does not own this business.',
  channels: 'How are your customers told?',
  channelsHint: 'Where the first one fails, the next is used. Only a sure failure leads there, so that nobody is told twice.',
  place: ['First by', 'Then by', 'At last by'],
  noMore: 'No other',
  channel: { sms: 'Text message', whatsapp: 'WhatsApp', email: 'E-mail' },
  vendor: (channel) => `Vendor asked first: ${channel}`,
  houseOrder: 'The house’s order',
  reminders: 'When is the customer reminded?',
  remindersHint: 'Four times at most.',
  before: {
    minutes: (count) => plural('en', count, { one: 'A minute before the start', other: '# minutes before the start' }),
    hours: (count) => plural('en', count, { one: 'An hour before the start', other: '# hours before the start' }),
    days: (count) => plural('en', count, { one: 'A day before the start', other: '# days before the start' }),
  },
  team: 'The team, and receipts',
  staffTold: 'Tell owner and staff of new, changed and cancelled bookings.',
  receiptApart: 'Send a payment’s receipt apart from the confirmation.',
  save: 'Save',
  saved: 'Saved. It holds for messages from now on.',
}

export const messagingWords = { ar, en }
