const GSM_BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
const GSM_EXTENDED = '^{}[]~\\|€\f'

/** How many parts a text is sent (and billed) as: 160/153 in GSM-7, 70/67 in UCS-2 (GSM 03.38, 03.40). */
export function segments(text: string): { encoding: 'GSM-7' | 'UCS-2'; units: number; parts: number } {
  const characters = Array.from(text)
  const plain = characters.every((character) => GSM_BASIC.includes(character) || GSM_EXTENDED.includes(character))
  const encoding = plain ? 'GSM-7' : 'UCS-2'
  const costs = characters.map((character) => (plain ? (GSM_EXTENDED.includes(character) ? 2 : 1) : character.length))
  const units = costs.reduce((sum, cost) => sum + cost, 0)
  const [single, joined] = plain ? [160, 153] : [70, 67]
  if (units <= single) return { encoding, units, parts: units === 0 ? 0 : 1 }
  let parts = 1
  let room = joined
  // Counted one by one: a character of two units is never split across parts.
  for (const cost of costs) {
    if (cost > room) {
      parts += 1
      room = joined
    }
    room -= cost
  }
  return { encoding, units, parts }
}
