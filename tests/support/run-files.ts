import { relative } from 'node:path'
import { run } from 'node:test'
import { inspect } from 'node:util'

/** What one test file said. `failures` are ready to print. */
export type FileResult = {
  file: string
  passed: number
  skipped: number
  failures: string[]
  notes: string[]
  slow: { name: string; durationMs: number }[]
  durationMs: number
}

export type RunLimits = { concurrency: number; testMs: number; fileMs: number; signal: AbortSignal }

/**
 * Runs each file in a process of its own and hands over each result as it comes. A file that crashes, never ends or
 * holds no test is a failure. One `run` a file, because only its signal ends a process that hangs.
 */
export async function runFiles(files: string[], limits: RunLimits, heard: (result: FileResult) => void): Promise<FileResult[]> {
  const waiting = [...files]
  const results: FileResult[] = []
  const worker = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined && !limits.signal.aborted; file = waiting.shift()) {
      const result = await runFile(file, limits)
      results.push(result)
      heard(result)
    }
  }
  await Promise.all(Array.from({ length: limits.concurrency }, worker))
  return results
}

type Outcome = {
  name: string
  nesting: number
  details: { duration_ms: number; type?: string; error?: Error }
  skip?: string | boolean
  todo?: string | boolean
}

async function runFile(file: string, limits: RunLimits): Promise<FileResult> {
  const startedAt = Date.now()
  const result: FileResult = {
    file: relative(process.cwd(), file),
    passed: 0,
    skipped: 0,
    failures: [],
    notes: [],
    slow: [],
    durationMs: 0,
  }
  const output: string[] = []
  const deadline = AbortSignal.timeout(limits.fileMs)
  const stream = run({ files: [file], timeout: limits.testMs, signal: AbortSignal.any([deadline, limits.signal]) })
  for await (const { type, data } of stream as AsyncIterable<{ type: string; data: unknown }>) {
    if (type === 'test:stdout' || type === 'test:stderr') output.push((data as { message: string }).message)
    if (type === 'test:diagnostic') {
      const { message, file: source } = data as { message: string; file?: string }
      if (source !== undefined) result.notes.push(message)
    }
    if (type === 'test:pass') countPass(result, data as Outcome, file)
    if (type === 'test:fail') {
      const outcome = data as Outcome
      if (outcome.name === file) result.failures.push(whyFileFailed(deadline, limits))
      else if (!onlyItsPartsFailed(outcome)) result.failures.push(`${outcome.name}\n${indented(describeError(outcome.details.error))}`)
    }
  }
  result.durationMs = Date.now() - startedAt
  // What the file printed says little when all went well, and often everything when it did not.
  if (result.failures.length > 0 && output.length > 0) {
    result.notes.push(`it printed:\n${indented(output.join('').trim().split('\n').slice(-40).join('\n'))}`)
  }
  return result
}

function countPass(result: FileResult, outcome: Outcome, file: string): void {
  if (outcome.details.type === 'suite') return
  if (outcome.name === file) {
    // The runner reports the file itself only when nothing inside it was reported.
    result.failures.push('The file holds no test.')
  } else if (outcome.skip !== undefined || outcome.todo !== undefined) {
    result.skipped += 1
    result.notes.push(`skipped: ${outcome.name}`)
  } else {
    result.passed += 1
    result.slow.push({ name: outcome.name, durationMs: outcome.details.duration_ms })
  }
}

/** A group fails when a test in it does: that test is told, and counted, once. */
function onlyItsPartsFailed(outcome: Outcome): boolean {
  return (outcome.details.error as { failureType?: string } | undefined)?.failureType === 'subtestsFailed'
}

function whyFileFailed(deadline: AbortSignal, limits: RunLimits): string {
  if (deadline.aborted) return `The file did not end within ${limits.fileMs / 1000} s.`
  return limits.signal.aborted ? 'The file was interrupted.' : 'The file ended with an error outside its tests.'
}

function describeError(error: Error | undefined): string {
  const cause = error?.cause ?? error
  if (!(cause instanceof Error)) return inspect(cause)
  const stack = cause.stack ?? ''
  const frames = stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line) && !/node:internal|\(node:/.test(line))
    .slice(0, 8)
  const told = `${cause.message}${frames.length > 0 ? `\n${frames.join('\n')}` : ''}`
  return cause.cause === undefined ? told : `${told}\ncaused by: ${describeError(cause.cause as Error)}`
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `      ${line}`)
    .join('\n')
}
