const arabicIndicZero = 0x0660
const persianZero = 0x06f0

/** `٠١٢` and `۰۱۲` become `012`; everything else stays as it is. */
export function toLatinDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06F0-\u06F9]/g, (digit) => {
    const code = digit.charCodeAt(0)
    return String(code - (code >= persianZero ? persianZero : arabicIndicZero))
  })
}
