import { useSpeech } from '../language/index.tsx'
import { boardWords } from './money-words.ts'

/** How long ago, in words: minutes and hours, and whole days from the second on. */
export function useAge(): (seconds: number) => string {
  const { format, language } = useSpeech()
  const words = boardWords[language]
  return (seconds) => {
    const minutes = Math.floor(seconds / 60)
    if (minutes < 1) return words.moment
    return minutes < 2_880 ? format.length(minutes) : words.days(Math.floor(minutes / 1_440))
  }
}
