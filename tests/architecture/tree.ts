import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Source, source } from './source.ts'

const clone = fileURLToPath(new URL('../../', import.meta.url))
const folders = ['server', 'simulators', 'web', 'sdk', 'start', 'tests', 'bench', 'docs']
const notOurs = new Set(['node_modules', 'dist', '.thabit', 'generated'])
const read = /\.([cm]?[jt]sx?|css|sql|md|html|json|ya?ml)$/

/** Every file of ours that somebody wrote by hand. */
export function readTree(): Source[] {
  const inFolder = (folder: string): string[] =>
    readdirSync(join(clone, folder), { withFileTypes: true, recursive: false }).flatMap((entry) => {
      if (notOurs.has(entry.name)) return []
      return entry.isDirectory() ? inFolder(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`]
    })
  const present = new Set(readdirSync(clone))
  const atRoot = [...present].filter((name) => read.test(name) && name !== 'package-lock.json')
  return [...folders.filter((folder) => present.has(folder)).flatMap(inFolder), ...atRoot]
    .filter((path) => read.test(path))
    .map((path) => source(path, readFileSync(join(clone, path), 'utf8')))
}
