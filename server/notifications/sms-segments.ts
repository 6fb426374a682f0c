/** How a text travels: the parts it is billed as (3GPP TS 23.038 and 23.040). */
export interface SmsSize {
  encoding: 'GSM-7' | 'UCS-2'
  /** Septets in GSM-7, 16-bit units in UCS-2. */
  units: number
  parts: number
}

const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
/** Each is sent as an escape and a letter, and the two are not parted. */
const extension = new Set('\f^{}\\[~]|€')

const room = { 'GSM-7': { single: 160, part: 153 }, 'UCS-2': { single: 70, part: 67 } } as const

/** One letter outside the GSM alphabet makes the whole text UCS-2: any Arabic letter, a typographic quote, an emoji. */
export function smsSize(text: string): SmsSize {
  const characters = Array.from(text)
  const gsm = characters.every((character) => basic.has(character) || extension.has(character))
  const encoding = gsm ? 'GSM-7' : 'UCS-2'
  const lengths = characters.map((character) => (gsm ? (extension.has(character) ? 2 : 1) : character.length))
  const units = lengths.reduce((sum, length) => sum + length, 0)
  if (units <= room[encoding].single) return { encoding, units, parts: 1 }

  let parts = 1
  let used = 0
  for (const length of lengths) {
    if (used + length > room[encoding].part) {
      parts += 1
      used = 0
    }
    used += length
  }
  return { encoding, units, parts }
}
