import { type DemoBusiness, everyDay, open, pause, riyals, weekdays } from './demo-business.ts'

const { friday } = weekdays
const allButFriday = everyDay.filter((day) => day !== friday)

/** Several people who can do one thing, breaks, a Friday of its own, an evening shift, a service that costs nothing, and one that waits for the salon’s yes. */
export const salon: DemoBusiness = {
  slug: 'rawnaq-salon',
  name: { ar: 'صالون رونق النسائي', en: 'Rawnaq Women’s Salon' },
  description: {
    ar: 'قصّ وتصفيف وصبغات وعناية بالأظافر في حي الياسمين، بأيدي خبيرات تختارين من بينهن.',
    en: 'Cuts, styling, colour and nail care in Al Yasmin, by the stylist of your choice.',
  },
  cancellation: [
    { hoursBefore: 24, refundPercent: 100 },
    { hoursBefore: 6, refundPercent: 50 },
    { hoursBefore: 0, refundPercent: 0 },
  ],
  branch: {
    name: { ar: 'فرع الياسمين', en: 'Al Yasmin branch' },
    address: { ar: 'طريق الملك عبدالعزيز، حي الياسمين، الرياض', en: 'King Abdulaziz Road, Al Yasmin, Riyadh' },
  },
  hours: [open(allButFriday, 10, 22), open([friday], 14, 22), pause(everyDay, 15.5, 16)],
  resources: {
    noura: { kind: 'staff', name: { ar: 'نورة', en: 'Noura' } },
    haifa: { kind: 'staff', name: { ar: 'هيفاء', en: 'Haifa' } },
    dana: { kind: 'staff', name: { ar: 'دانة', en: 'Dana' } },
    reem: { kind: 'staff', name: { ar: 'ريم', en: 'Reem' }, hours: [open(everyDay, 16, 22)] },
  },
  services: [
    {
      name: { ar: 'قصّ وتصفيف', en: 'Cut and styling' },
      description: { ar: 'غسيل وقصّ وتصفيف بالاستشوار.', en: 'Wash, cut and blow-dry.' },
      durationMinutes: 60,
      priceMinor: riyals(120),
      needs: [{ choosable: true, of: ['noura', 'haifa', 'dana', 'reem'] }],
    },
    {
      name: { ar: 'استشوار', en: 'Blow-dry' },
      description: { ar: 'غسيل وتصفيف بالاستشوار.', en: 'Wash and blow-dry.' },
      durationMinutes: 45,
      priceMinor: riyals(60),
      needs: [{ choosable: true, of: ['noura', 'haifa', 'dana', 'reem'] }],
    },
    {
      name: { ar: 'صبغة جذور', en: 'Root colour' },
      description: { ar: 'صبغ الجذور مع الغسيل والتصفيف.', en: 'Root colour with wash and styling.' },
      durationMinutes: 120,
      bufferAfterMinutes: 15,
      priceMinor: riyals(240),
      payment: { kind: 'deposit', depositPercent: 30 },
      needs: [{ choosable: true, of: ['noura', 'haifa'] }],
    },
    {
      name: { ar: 'مانيكير وباديكير', en: 'Manicure and pedicure' },
      description: { ar: 'عناية كاملة بأظافر اليدين والقدمين.', en: 'Full care for hands and feet.' },
      durationMinutes: 75,
      bufferAfterMinutes: 15,
      priceMinor: riyals(150),
      needs: [{ choosable: true, of: ['dana', 'reem'] }],
    },
    {
      name: { ar: 'استشارة شعر مجانية', en: 'Free hair consultation' },
      description: {
        ar: 'لقاء قصير مع الخبيرة لاختيار القصّة أو اللون المناسب، بلا رسوم.',
        en: 'A short talk with a stylist about the right cut or colour, at no charge.',
      },
      durationMinutes: 30,
      priceMinor: 0,
      needs: [{ choosable: true, of: ['noura', 'haifa', 'dana'] }],
    },
    {
      name: { ar: 'تسريحة ومكياج عروس', en: 'Bridal hair and make-up' },
      description: {
        ar: 'نراجع تفاصيل ليلتك ثم نوافق على الحجز خلال يوم، والدفع في الصالون.',
        en: 'We look at the details of your evening and answer within a day; you pay at the salon.',
      },
      durationMinutes: 150,
      priceMinor: riyals(900),
      payment: { kind: 'at_place' },
      approvalHours: 24,
      needs: [{ choosable: true, of: ['noura', 'haifa'] }],
    },
  ],
}
