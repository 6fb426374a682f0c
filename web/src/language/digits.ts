/** Turns Arabic-Indic (٠-٩) and Persian (۰-۹) digits into the ASCII ones that telephones and forms expect. */
export function asciiDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06F0-\u06F9]/g, (digit) => String(digit.charCodeAt(0) & 0xf))
}
