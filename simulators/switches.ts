/**
 * What a vendor's documents leave open, or what we only believe, is a switch. `certainty`: A seen on the real thing,
 * B in the vendor's own documents, C old or second-hand, D a guess, X sources disagree.
 */
export type SwitchDefinition = {
  values: readonly (string | boolean)[] | 'whole number'
  initial: string | boolean | number
  certainty: 'A' | 'B' | 'C' | 'D' | 'X'
  meaning: string
}
export type SwitchTable = Record<string, SwitchDefinition>

type ValueOf<D extends SwitchDefinition> = D['values'] extends readonly (infer V)[] ? V : number
export type SwitchValues<T extends SwitchTable> = { -readonly [K in keyof T]: ValueOf<T[K]> }

export type Switches<T extends SwitchTable> = {
  readonly values: SwitchValues<T>
  list(): Record<string, unknown>
  /** Sets some; answers what is wrong, by name, and then sets none. */
  set(wanted: Record<string, unknown>): Record<string, string> | undefined
  reset(): void
}

export function openSwitches<T extends SwitchTable>(table: T): Switches<T> {
  const initial = (): Record<string, unknown> => Object.fromEntries(Object.entries(table).map(([name, { initial }]) => [name, initial]))
  const values = initial()
  return {
    values: values as SwitchValues<T>,
    list: () => Object.fromEntries(Object.entries(table).map(([name, definition]) => [name, { value: values[name], ...definition }])),
    set: (wanted) => {
      const errors: Record<string, string> = {}
      for (const [name, value] of Object.entries(wanted)) {
        const definition = Object.hasOwn(table, name) ? table[name] : undefined
        if (definition === undefined) errors[name] = `is not a switch; there are ${Object.keys(table).join(', ')}`
        else if (definition.values === 'whole number') {
          if (!Number.isSafeInteger(value) || Number(value) < 0) errors[name] = 'is a whole number from 0'
        } else if (!definition.values.some((known) => known === value)) errors[name] = `is one of ${definition.values.join(', ')}`
      }
      if (Object.keys(errors).length > 0) return errors
      Object.assign(values, wanted)
      return undefined
    },
    reset: () => {
      Object.assign(values, initial())
    },
  }
}
