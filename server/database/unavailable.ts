import { DatabaseError } from 'pg'

/** Shutting down or starting up, connections exhausted, locks or statements past their time, disk full: the next try may do. */
const passing = new Set([
  '57P01',
  '57P02',
  '57P03',
  '57014',
  '53300',
  '53100',
  '53200',
  '55P03',
  '40P01',
  '40001',
  '25P03',
  '25006',
  '08006',
  '08003',
  '08001',
])
const socket = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH'])

/** True when a failure says that the database cannot serve now, rather than that we asked wrongly. */
export function databaseUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseError) return error.code !== undefined && passing.has(error.code)
  if (!(error instanceof Error)) return false
  if ('code' in error && typeof error.code === 'string' && socket.has(error.code)) return true
  return /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|Cannot use a pool after calling end/.test(
    error.message,
  )
}
