import { plural } from '../language/plural.ts'

/** The words of the red banner. */
const ar = {
  firing: (count: number) =>
    plural('ar', count, {
      one: 'تنبيه واحد قائم الآن:',
      two: 'تنبيهان قائمان الآن:',
      few: '# تنبيهات قائمة الآن:',
      many: '# تنبيهًا قائمًا الآن:',
      other: '# تنبيه قائم الآن:',
    }),
  since: (at: string) => `منذ ${at}`,
  what: 'ما العمل؟',
  notTold: 'لم يُبلَّغ أحد به بعد',
  unread: 'تعذّرت قراءة التنبيهات الآن؛ قد يكون ثمة عطل لا تراه هنا.',
}

const en: typeof ar = {
  firing: (count) => plural('en', count, { one: 'One alert now:', other: '# alerts now:' }),
  since: (at) => `since ${at}`,
  what: 'What to do',
  notTold: 'nobody has been told yet',
  unread: 'The alerts cannot be read now; something may be wrong that you do not see here.',
}

export const alarmWords = { ar, en }
