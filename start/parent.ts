/**
 * Under npm our parent is the shell that npm made for us. Told to stop, npm stops that shell, which does not tell us:
 * we would go on running with nobody to stop us. Calls `action` once the parent is gone; does nothing without npm.
 */
export function whenNpmEnds(action: () => void): void {
  if (!startedByNpm) return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    action()
  }, 250).unref()
}

/** npm names itself to its scripts. */
export const startedByNpm = process.env['npm_lifecycle_event'] !== undefined
