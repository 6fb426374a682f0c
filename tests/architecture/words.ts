import { at, type Rule } from './source.ts'

/** Reports every place in the picked files that `pattern` finds. */
function words(name: string, which: (path: string) => boolean, pattern: RegExp, says: (found: string) => string): Rule {
  return {
    name,
    find: (sources) =>
      sources
        .filter(({ path }) => which(path))
        .flatMap((one) => Array.from(one.text.matchAll(pattern), (match) => `${at(one, match.index)} ${says(match[0].trim())}`)),
  }
}

/** In a style sheet and in styles written in code. The page turns with the language; what is left in one is right in the other. */
export const logicalStyles = words(
  'styles name start and end, never left and right',
  (path) => path.startsWith('web/') && /\.(css|tsx?|html)$/.test(path),
  /\b(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)\b|\bborder-(?:top|bottom)-(?:left|right)-radius\b|(?:^|[{;\s])(?:left|right)\s*:\s*[\d.'"calc-]|\b(?:text-align|float|clear)\s*:\s*['"]?(?:left|right)\b|\b(?:margin|padding|border)(?:Left|Right)\b|\btextAlign\s*:\s*['"](?:left|right)/gm,
  (found) => `says “${found.replace(/^[{;\s]+/, '')}”`,
)

/** Folders under which one person's machine keeps its own; a path into them works nowhere else. */
const machine = ['home', 'Users', 'root', 'work', 'workspace', 'mnt'].join('|')

export const noMachinePaths = words(
  'no file names a folder of one machine',
  () => true,
  new RegExp(`(?<![\\w.:/\\])}*?-])/(?:${machine})/[\\w.-]+(?:/[\\w.-]+)*`, 'g'),
  (found) => `names ${found}`,
)
