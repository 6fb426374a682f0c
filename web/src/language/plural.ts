const rules = { ar: new Intl.PluralRules('ar'), en: new Intl.PluralRules('en') }

type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }

/** The right form for a count; `#` in the form is where the number goes. Arabic has six forms. */
export function plural(language: 'ar' | 'en', count: number, forms: Forms): string {
  return (forms[rules[language].select(count)] ?? forms.other).replace('#', String(count))
}
