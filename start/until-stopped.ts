import { startedByNpm, whenNpmEnds } from './parent.ts'

/** Starts one thing and remembers how to undo it. If we were told to stop meanwhile, it is undone at once. */
export type Begin = <T>(start: () => Promise<T> | T, undo: (started: T) => Promise<void> | void) => Promise<T>

/** Ends everything because something could not go on; the sentence is for people. */
export type GiveUp = (sentence: string) => void

/** Sentences for people instead of a stack: what is wrong and what to do. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart'
  readonly sentences: readonly string[]

  constructor(sentences: readonly string[]) {
    super(sentences.join('\n'))
    this.sentences = sentences
  }
}

/** All must be over within ten seconds; a part that does not end is left to the end of the process. */
const STOP_LIMIT_MS = 9_500

/**
 * Runs until Ctrl-C, SIGTERM or a closed terminal; then undoes what was begun, last first, and ends with 0.
 * A start that fails undoes what had begun, prints its sentences and ends with 1.
 */
export async function untilStopped(start: (begin: Begin, giveUp: GiveUp) => Promise<void>): Promise<void> {
  const undoings: (() => Promise<void>)[] = []
  let stopping = false
  let beginning: Promise<unknown> = Promise.resolve()

  const stop = async (code: number): Promise<void> => {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(code === 0 ? 1 : code), STOP_LIMIT_MS).unref()
    await beginning.catch(() => {})
    for (const undo of undoings.toReversed()) {
      await undo().catch((error: unknown) => {
        console.error(`While stopping: ${error instanceof Error ? error.message : String(error)}`)
      })
    }
    process.exit(code)
  }

  const begin: Begin = (run, undo) => {
    const started = (async () => {
      if (stopping) throw new Error('Stopping.')
      const thing = await run()
      undoings.push(async () => undo(thing))
      return thing
    })()
    beginning = started
    return started
  }

  const giveUp: GiveUp = (sentence) => {
    if (!stopping) console.error(sentence)
    void stop(1)
  }

  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(0))
  // A closed terminal ends npm, unless it was started with nohup: npm knows, so under it we go by its end.
  process.on('SIGHUP', () => {
    if (!startedByNpm) void stop(0)
  })
  whenNpmEnds(() => void stop(0))
  process.on('uncaughtException', (error) => giveUp(`Thabit stops because of an error in its own code: ${error.stack ?? error.message}`))

  try {
    await start(begin, giveUp)
  } catch (error) {
    // A start that breaks because it is being stopped is not a failure.
    if (stopping) return
    for (const sentence of sentencesOf(error)) console.error(sentence)
    await stop(1)
  }
}

function sentencesOf(error: unknown): readonly string[] {
  if (error instanceof Error && 'sentences' in error && Array.isArray(error.sentences)) return error.sentences as string[]
  return [error instanceof Error ? error.message : String(error)]
}
