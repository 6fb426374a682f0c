/** Small keeping in the browser that survives a reload; a browser that forbids it only loses that comfort. */
type Area = 'localStorage' | 'sessionStorage'

/** What was kept under a name, as whoever kept it shaped it. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
export function recall<T>(area: Area, name: string): T | null {
  try {
    const text = window[area].getItem(`thabit.${name}`)
    return text === null ? null : (JSON.parse(text) as T)
  } catch {
    return null
  }
}

export function remember(area: Area, name: string, value: unknown): void {
  try {
    window[area].setItem(`thabit.${name}`, JSON.stringify(value))
  } catch {
    // A full or forbidden storage: the page still works until it is reloaded.
  }
}

export function forget(area: Area, name: string): void {
  try {
    window[area].removeItem(`thabit.${name}`)
  } catch {
    // Nothing was kept, so nothing is left.
  }
}
