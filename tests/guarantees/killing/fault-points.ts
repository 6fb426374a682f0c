import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { isNode, source } from '../../architecture/source.ts'

const clone = fileURLToPath(new URL('../../../', import.meta.url))

/** One `await` in the source: the process can be ended when its promise was made (`sent`) and when that has settled (`done`). */
export interface FaultPoint {
  id: number
  path: string
  line: number
  text: string
}

export interface Rewritten {
  points: FaultPoint[]
  /** Where the rewritten sources lie, for the process that is to run them. */
  file: string
}

/** A file of the server as it would be in another design: a piece of its text, and what stands there instead. */
export interface Change {
  path: string
  from: RegExp
  to: string
}

/** Rewrites every `await x` of the server into two numbered fault points and strips the types. `more`: files outside the server, also to be rewritten. */
export function withFaultPoints(folder: string, changes: Change[] = [], more: string[] = []): Rewritten {
  const points: FaultPoint[] = []
  const sources: Record<string, string> = {}
  const paths = globSync('server/**/*.ts', { cwd: clone }).filter((path) => !/node_modules|\.test\.ts$/.test(path))
  for (const path of [...paths.toSorted(), ...more]) {
    const text = changed(path, readFileSync(join(clone, path), 'utf8'), changes)
    sources[pathToFileURL(join(clone, path)).href] = stripTypeScriptTypes(rewrite(path, text, points))
  }
  const file = join(folder, 'sources.json')
  writeFileSync(file, JSON.stringify(sources))
  return { points, file }
}

function changed(path: string, text: string, changes: Change[]): string {
  return changes
    .filter((change) => change.path === path)
    .reduce((now, { from, to }) => {
      const next = now.replace(from, () => to)
      if (next === now) throw new Error(`${path} has nothing like ${from}: this other design must be written anew.`)
      return next
    }, text)
}

/** Puts words around each `await x`, inner ones too: it becomes `__done(7, await __sent(7, x))`. A loop that awaits is one point for each turn. */
function rewrite(path: string, text: string, points: FaultPoint[]): string {
  const awaits = awaitsOf(path, text)
  const render = (from: number, to: number): string => {
    const [first] = awaits.filter(({ start, end }) => start >= from && end <= to)
    if (!first) return text.slice(from, to)
    awaits.splice(awaits.indexOf(first), 1)
    const { start, end, loop } = first
    const id = points.length
    points.push({
      id,
      path,
      line: text.slice(0, start).split('\n').length,
      text: text.slice(start, end).replaceAll(/\s+/g, ' ').slice(0, 80),
    })
    const inner = render(loop ? start : start + 'await'.length, end)
    const marked = loop ? `__turns(${id}, ${inner})` : `__done(${id}, await __sent(${id}, ${inner}))`
    return text.slice(from, start) + marked + render(end, to)
  }
  return render(0, text.length)
}

/** Outer ones first. */
function awaitsOf(path: string, text: string): { start: number; end: number; loop: boolean }[] {
  return source(path, text)
    .nodes.flatMap((node) => {
      if (node.type === 'AwaitExpression') return [{ start: node.start, end: node.end, loop: false }]
      const right = node['right']
      return node.type === 'ForOfStatement' && node['await'] === true && isNode(right)
        ? [{ start: right.start, end: right.end, loop: true }]
        : []
    })
    .toSorted((a, b) => a.start - b.start || b.end - a.end)
}
