import { pino, type Logger } from 'pino'

export type Log = Logger

/** JSON lines, one an outcome. What must never be written is cut here too, should a caller forget. */
export function createLog(options: { level: string; file?: string | undefined }): Log {
  const destination = options.file === undefined ? pino.destination(1) : pino.destination({ dest: options.file, mkdir: true, sync: true })
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: [
          '*.phone',
          '*.code',
          '*.secret_token',
          '*.authorization',
          '*.cookie',
          '*.accessToken',
          'phone',
          'code',
          'body',
          'secret_token',
        ],
        censor: '[cut]',
      },
    },
    destination,
  )
}
