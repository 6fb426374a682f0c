import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { tryLock, withLock } from './lock.mjs'
import { identityOf } from './processes.mjs'

function newPath(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'thabit-lock-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'lock')
}

test('a lock that is held is refused and names its holder; released, it is given', (t) => {
  const path = newPath(t)
  const first = tryLock(path)
  assert.ok(first.release)
  assert.deepEqual(tryLock(path), { heldBy: process.pid })
  first.release()
  assert.ok(tryLock(path).release)
})

test('the lock of a process that is gone, or whose number another program has now, is taken over', (t) => {
  const path = newPath(t)
  for (const holder of ['2147483646@1', `${process.pid}@0`]) {
    writeFileSync(path, holder)
    const taken = tryLock(path)
    assert.ok(taken.release, holder)
    assert.equal(readFileSync(path, 'utf8'), identityOf(process.pid))
    taken.release()
  }
})

test('a lock being written just now is held; one that stayed empty was killed in between', (t) => {
  const path = newPath(t)
  writeFileSync(path, '')
  assert.deepEqual(tryLock(path), { heldBy: 0 })
  const long = Date.now() / 1000 - 60
  utimesSync(path, long, long)
  assert.ok(tryLock(path).release)
})

test('whoever waits too long is told who holds it', async (t) => {
  const path = newPath(t)
  tryLock(path)
  await assert.rejects(
    withLock(path, 50, () => {}),
    new RegExp(`Process ${process.pid} has held`),
  )
})

test('of many processes that find a dead holder, only one at a time is inside', async (t) => {
  const path = newPath(t)
  const diary = `${path}.diary`
  writeFileSync(path, '2147483646@1')
  const script = `
    import { appendFileSync } from 'node:fs'
    import { setTimeout as pause } from 'node:timers/promises'
    import { withLock } from ${JSON.stringify(fileURLToPath(new URL('lock.mjs', import.meta.url)))}
    await withLock(${JSON.stringify(path)}, 20000, async () => {
      appendFileSync(${JSON.stringify(diary)}, 'in ')
      await pause(20)
      appendFileSync(${JSON.stringify(diary)}, 'out ')
    })`
  appendFileSync(diary, '')
  const children = Array.from({ length: 8 }, () => spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' }))
  await Promise.all(children.map((child) => once(child, 'exit')))
  assert.equal(readFileSync(diary, 'utf8'), 'in out '.repeat(8))
})
