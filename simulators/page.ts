import { readFileSync } from 'node:fs'
import type { Answer } from './answers.ts'
import { webPage } from './answers.ts'
import type { Html } from './html.ts'
import { html } from './html.ts'
import type { Route } from './server.ts'
import { STYLE } from './style.ts'

export type Language = 'ar' | 'en'
export type Text = { ar: string; en: string }

export function languageOf(query: URLSearchParams): Language {
  return query.get('lang') === 'en' ? 'en' : 'ar'
}

/** A whole page; `script` runs after the body. */
export function layout(page: { language: Language; title: string; body: Html; script?: string; status?: number }): Answer {
  const { language, title, body, script, status = 200 } = page
  const whole = html`<!doctype html>
    <html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <style>
          ${{ html: STYLE }}
        </style>
      </head>
      <body>
        ${body}${
          script === undefined
            ? null
            : html`<script>
                ${{ html: script }}
              </script>`
        }
      </body>
    </html>`
  return webPage(status, whole.html)
}

/** The same page in the other language. */
export function languageLink(language: Language, path: string): Html {
  const other = language === 'ar' ? 'en' : 'ar'
  return html`<a class="language" lang="${other}" hreflang="${other}" href="${path}?lang=${other}"
    >${other === 'ar' ? 'العربية' : 'English'}</a
  >`
}

/** `150.00 ر.س`; Latin digits, as Saudi shops and banks print amounts. */
export function money(amountMinor: number, fractionDigits: number, currency: string, language: Language): string {
  const locale = language === 'ar' ? 'ar-SA-u-nu-latn' : 'en-SA-u-nu-latn'
  return new Intl.NumberFormat(locale, { style: 'currency', currency, minimumFractionDigits: fractionDigits }).format(
    amountMinor / 10 ** fractionDigits,
  )
}

export function clockTime(instant: string, language: Language): string {
  const locale = language === 'ar' ? 'ar-SA-u-ca-gregory-nu-latn' : 'en-GB-u-ca-gregory-nu-latn'
  return new Intl.DateTimeFormat(locale, {
    timeZone: 'Asia/Riyadh',
    day: 'numeric',
    month: 'short',
    hour: 'numeric',
    minute: '2-digit',
  }).format(new Date(instant))
}

const FONTS = ['tajawal-arabic-400', 'tajawal-arabic-700', 'tajawal-latin-400', 'tajawal-latin-700']

/** The pages' letters, from the installed font package; without it the reader's own system font serves. */
export function fontRoutes(): Route[] {
  return FONTS.map((name) => ({
    method: 'GET',
    path: `/fonts/${name}.woff2`,
    handle: () => {
      try {
        const file = new URL(import.meta.resolve(`@fontsource/tajawal/files/${name}-normal.woff2`))
        return {
          status: 200,
          headers: { 'content-type': 'font/woff2', 'cache-control': 'public, max-age=86400' },
          body: readFileSync(file),
        }
      } catch {
        return { status: 404, headers: {}, body: '' }
      }
    },
  }))
}
