import type { Language } from './format.ts'

/** Arabic is the language of plain addresses; English ones begin with `/en`. */
export function languageOf(address: string): Language {
  return /^\/en(?:[/?#]|$)/.test(address) ? 'en' : 'ar'
}
