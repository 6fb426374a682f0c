import { type DemoBusiness, everyDay, open, pause, riyals, weekdays } from './demo-business.ts'

const { friday, saturday } = weekdays
const sundayToThursday = everyDay.filter((day) => day !== friday && day !== saturday)
const doctors = ['sara', 'fahad', 'lama']
const rooms = ['first', 'second']

/** Every visit takes a dentist and a room: three dentists share two rooms, and a room is cleaned after each visit. */
export const clinic: DemoBusiness = {
  slug: 'waha-dental',
  name: { ar: 'عيادة الواحة لطب الأسنان', en: 'Al Waha Dental Clinic' },
  description: {
    ar: 'طب أسنان عام وتجميلي للكبار والأطفال في حي العليا.',
    en: 'General and cosmetic dentistry for adults and children in Al Olaya.',
  },
  cancellation: [
    { hoursBefore: 12, refundPercent: 100 },
    { hoursBefore: 2, refundPercent: 50 },
    { hoursBefore: 0, refundPercent: 0 },
  ],
  reschedule: { free: 1, hoursBefore: 2 },
  channels: ['sms', 'whatsapp', 'email'],
  branch: {
    name: { ar: 'فرع العليا', en: 'Al Olaya branch' },
    address: { ar: 'شارع التحلية، حي العليا، الرياض', en: 'Tahlia Street, Al Olaya, Riyadh' },
  },
  hours: [open(sundayToThursday, 9, 21), open([saturday], 10, 18), pause(sundayToThursday, 12, 13)],
  resources: {
    sara: { kind: 'staff', name: { ar: 'د. سارة القحطاني', en: 'Dr Sara Alqahtani' } },
    fahad: { kind: 'staff', name: { ar: 'د. فهد الحربي', en: 'Dr Fahad Alharbi' } },
    lama: { kind: 'staff', name: { ar: 'د. لمى الشهري', en: 'Dr Lama Alshehri' } },
    first: { kind: 'room', name: { ar: 'غرفة العلاج ١', en: 'Treatment room 1' } },
    second: { kind: 'room', name: { ar: 'غرفة العلاج ٢', en: 'Treatment room 2' } },
  },
  services: [
    {
      name: { ar: 'كشف أسنان', en: 'Dental check-up' },
      description: { ar: 'فحص شامل للأسنان واللثة مع خطة علاج.', en: 'A full examination of teeth and gums with a treatment plan.' },
      durationMinutes: 30,
      bufferAfterMinutes: 10,
      stepMinutes: 20,
      priceMinor: riyals(150),
      payment: { kind: 'at_place' },
      needs: [
        { choosable: true, of: doctors },
        { choosable: false, of: rooms },
      ],
    },
    {
      name: { ar: 'تنظيف أسنان', en: 'Teeth cleaning' },
      description: { ar: 'إزالة الجير وتلميع الأسنان.', en: 'Scaling and polishing.' },
      durationMinutes: 45,
      bufferAfterMinutes: 15,
      priceMinor: riyals(280),
      needs: [
        { choosable: true, of: doctors },
        { choosable: false, of: rooms },
      ],
    },
    {
      name: { ar: 'تبييض أسنان', en: 'Teeth whitening' },
      description: { ar: 'جلسة تبييض في العيادة.', en: 'One whitening session at the clinic.' },
      durationMinutes: 60,
      bufferAfterMinutes: 15,
      priceMinor: riyals(650),
      needs: [
        { choosable: true, of: ['sara', 'lama'] },
        { choosable: false, of: rooms },
      ],
    },
    {
      name: { ar: 'استشارة تقويم مجانية', en: 'Free orthodontic consultation' },
      description: { ar: 'لقاء أول لمعرفة خيارات التقويم، بلا رسوم.', en: 'A first talk about braces and aligners, at no charge.' },
      durationMinutes: 20,
      bufferAfterMinutes: 10,
      priceMinor: 0,
      needs: [
        { choosable: true, of: ['fahad'] },
        { choosable: false, of: rooms },
      ],
    },
  ],
}
