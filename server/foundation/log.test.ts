import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createLog } from './log.ts'

test('what must never be written is cut, should a caller forget', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'thabit-log-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'deeper', 'log')
  const log = createLog({ level: 'info', file })
  log.info({ phone: '+966551234567', code: '271828', body: { any: '+966551234567' }, secret_token: 'hush' }, 'words')
  log.info({ account: { phone: '+966551234567', accessToken: 'hush' }, headers: { authorization: 'Bearer hush', cookie: 'hush' } }, 'words')
  log.debug('not at this level')
  const written = readFileSync(file, 'utf8')
  assert.doesNotMatch(written, /966551234567|271828|hush|not at this level/)
  const [line] = written.split('\n').map((text) => (text === '' ? null : (JSON.parse(text) as Record<string, unknown>)))
  assert.equal(line?.['msg'], 'words')
  assert.match(String(line?.['time']), /^\d{4}-\d{2}-\d{2}T.*Z$/)
})
