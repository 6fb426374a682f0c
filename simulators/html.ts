/** Text that is already safe HTML. */
export type Html = { readonly html: string }
type Slot = string | number | Html | readonly Slot[] | null | undefined | false

/** A template whose slots are escaped, unless they are HTML themselves. */
export function html(parts: TemplateStringsArray, ...slots: Slot[]): Html {
  return { html: parts.map((part, index) => part + render(slots[index])).join('') }
}

function render(slot: Slot): string {
  if (slot === null || slot === undefined || slot === false) return ''
  if (typeof slot === 'string' || typeof slot === 'number') return escape(String(slot))
  if ('html' in slot) return slot.html
  return slot.map(render).join('')
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')
}
