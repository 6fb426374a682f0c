import { selectorsOf, windowsOf } from '../expression.ts'
import { messageRules } from './messages.ts'
import { moneyRules } from './money.ts'
import type { AlertRule } from './rule.ts'
import { saturationRules } from './saturation.ts'
import { signInRules } from './sign-in.ts'

export type { AlertRule } from './rule.ts'

/** Every alert of the house, by area: one table for Prometheus, for our own watch and for the pages about both. */
export const alertAreas = { messages: messageRules, money: moneyRules, sign_in: signInRules, saturation: saturationRules } as const

export type AlertName = keyof typeof messageRules | keyof typeof moneyRules | keyof typeof signInRules | keyof typeof saturationRules

export const alertRules: Readonly<Record<string, AlertRule>> = { ...messageRules, ...moneyRules, ...signInRules, ...saturationRules }

/** What a sample must hold for the rules to be judged. */
export const watchedSelectors = Object.values(alertRules).flatMap(({ when }) => selectorsOf(when))
export const watchedWindows = [...new Set(Object.values(alertRules).flatMap(({ when }) => windowsOf(when)))].toSorted((a, b) => a - b)
