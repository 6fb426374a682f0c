import { type DemoBusiness, everyDay, open, riyals } from './demo-business.ts'

const courts = ['first', 'second', 'third', 'fourth']

/** Open from 16:00 to 02:00, one rule over midnight; the courts are what is booked. */
export const padel: DemoBusiness = {
  slug: 'diriyah-padel',
  name: { ar: 'ملاعب الدرعية للبادل', en: 'Diriyah Padel Courts' },
  description: {
    ar: 'أربعة ملاعب بادل مضاءة، مفتوحة كل يوم من الرابعة عصرًا حتى الثانية بعد منتصف الليل.',
    en: 'Four floodlit padel courts, open every day from 4 pm to 2 am.',
  },
  cancellation: [
    { hoursBefore: 48, refundPercent: 100 },
    { hoursBefore: 12, refundPercent: 50 },
    { hoursBefore: 0, refundPercent: 0 },
  ],
  channels: ['sms', 'email'],
  branch: {
    name: { ar: 'ملاعب الدرعية', en: 'Diriyah courts' },
    address: { ar: 'طريق الأمير محمد بن سعد، الدرعية', en: 'Prince Mohammed bin Saad Road, Diriyah' },
  },
  hours: [open(everyDay, 16, 26)],
  resources: {
    first: { kind: 'court', name: { ar: 'الملعب ١', en: 'Court 1' } },
    second: { kind: 'court', name: { ar: 'الملعب ٢', en: 'Court 2' } },
    third: { kind: 'court', name: { ar: 'الملعب ٣', en: 'Court 3' } },
    fourth: { kind: 'court', name: { ar: 'الملعب ٤', en: 'Court 4' } },
  },
  services: [
    {
      name: { ar: 'ملعب بادل لساعة', en: 'Padel court, one hour' },
      description: { ar: 'الملعب لأربعة لاعبين، مع المضارب والكرات.', en: 'A court for four players, rackets and balls included.' },
      durationMinutes: 60,
      priceMinor: riyals(160),
      needs: [{ choosable: true, of: courts }],
    },
    {
      name: { ar: 'ملعب بادل لساعة ونصف', en: 'Padel court, an hour and a half' },
      description: { ar: 'الملعب لأربعة لاعبين، مع المضارب والكرات.', en: 'A court for four players, rackets and balls included.' },
      durationMinutes: 90,
      priceMinor: riyals(225),
      needs: [{ choosable: true, of: courts }],
    },
  ],
}
