import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync, readlinkSync } from 'node:fs'

// Plain JavaScript and built-ins only: start/ready.mjs runs this before anything is installed, on any Node from 20.

/**
 * What tells one life of a process id from the next: its start time. Undefined when it is gone or only a zombie.
 * A bare pid is not enough: after a reboot or in a container the same number comes back as another program.
 */
export function identityOf(pid) {
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return fields[0] === 'Z' || fields[0] === 'X' ? undefined : `${pid}@${fields[19]}`
    } catch {
      return undefined
    }
  }
  if (process.platform === 'win32') return answersSignals(pid) ? String(pid) : undefined
  try {
    const [state, ...started] = ps(pid, 'stat=,lstart=').split(/\s+/)
    return state === undefined || state.startsWith('Z') ? undefined : `${pid}@${started.join('-')}`
  } catch {
    return undefined
  }
}

/** True while the very process that had this identity is still running. */
export function isAlive(identity) {
  return identity !== '' && identityOf(Number.parseInt(identity, 10)) === identity
}

/** The command line of a running process, or undefined when it cannot be known. */
export function commandLineOf(pid) {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    return process.platform === 'win32' ? undefined : ps(pid, 'command=')
  } catch {
    return undefined
  }
}

/** Processes whose working directory is this folder: every process of a PostgreSQL server sits in its data folder. */
export function processesIn(folder) {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === folder
      } catch {
        return false
      }
    })
}

function ps(pid, columns) {
  return execFileSync('ps', ['-o', columns, '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
}

function answersSignals(pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}
