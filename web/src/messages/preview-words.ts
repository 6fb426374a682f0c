import { plural } from '../language/plural.ts'

const arabicParts = { zero: 'بلا أجزاء', one: 'جزء واحد', two: 'جزآن', few: '# أجزاء', many: '# جزءًا', other: '# جزء' }
const englishParts = { one: '# part', other: '# parts' }

const ar = {
  title: 'نصوص الرسائل',
  lead: 'كل رسالة ترسلها المنصة بالعربية والإنجليزية، بكلمات للتجربة، مع ما تُحتسب به الرسالة النصية.',
  signIn: 'هذه الصفحة للمشغّل.',
  customer: 'للعميل',
  staff: 'للفريق',
  operator: 'للمشغّل',
  promotional: 'ترويجية: بموافقة العميل وفي الأوقات المسموحة ومن مرسل ينتهي اسمه بـ -AD',
  units: (count: number, encoding: string) => `${count} حرفًا، ${encoding}`,
  parts: (count: number) => plural('ar', count, arabicParts),
  template: 'قالب واتساب',
  subject: 'عنوان البريد',
  link: 'النصوص',
}

const en: typeof ar = {
  title: 'Message texts',
  lead: 'Every message the house sends in Arabic and English, with words for trying, and what it is billed as by SMS.',
  signIn: 'This page is for the operator.',
  customer: 'To the customer',
  staff: 'To the staff',
  operator: 'To the operator',
  promotional: 'Promotional: with consent, within hours, from a sender name that ends in -AD',
  units: (count, encoding) => `${count} units, ${encoding}`,
  parts: (count) => plural('en', count, englishParts),
  template: 'WhatsApp template',
  subject: 'Subject of the mail',
  link: 'Texts',
}

export const previewWords = { ar, en }
