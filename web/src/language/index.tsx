import { createContext, type ComponentChildren } from 'preact'
import { useContext, useLayoutEffect, useMemo } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { ar, type Words } from './ar.ts'
import { en } from './en.ts'
import { languageOf } from './language-of.ts'
import { formatFor, type Format, type Language } from './format.ts'

export type { Format, Language, Words }
export type Speech = {
  language: Language
  words: Words
  format: Format
  /** The address of a page in this language. */
  to: (path: string) => string
  /** This same place in the other language. */
  switchTo: string
}

const speeches = {
  ar: { language: 'ar', words: ar, format: formatFor('ar'), to: (path: string) => path },
  en: { language: 'en', words: en, format: formatFor('en'), to: (path: string) => (path === '/' ? '/en' : `/en${path}`) },
} as const

const Context = createContext<Speech>({ ...speeches.ar, switchTo: '/en' })

/** The address decides the language; the document's own language and direction follow it. */
export function LanguageProvider({ children }: { children: ComponentChildren }) {
  const { url } = useLocation()
  const language = languageOf(url)
  const speech = useMemo(() => ({ ...speeches[language], switchTo: otherAddress(url, language) }), [url, language])
  useLayoutEffect(() => {
    document.documentElement.lang = language
    document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr'
  }, [language])
  return <Context.Provider value={speech}>{children}</Context.Provider>
}

export function useSpeech(): Speech {
  return useContext(Context)
}

function otherAddress(url: string, language: Language): string {
  if (language === 'ar') return url === '/' ? '/en' : `/en${url}`
  const bare = url.replace(/^\/en/, '')
  return bare.startsWith('/') ? bare : `/${bare}`
}
