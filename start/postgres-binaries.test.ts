import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { packagedBinaries, postgresBinaries, postgresRunner } from './postgres-binaries.ts'

test('programs the runner cannot reach, or that lack their links, are copied to where it can run them', (t) => {
  const area = mkdtempSync(join(tmpdir(), 'thabit-programs-'))
  t.after(() => {
    chmodSync(join(area, 'closed', 'native', 'lib'), 0o755)
    rmSync(area, { recursive: true, force: true })
  })
  chmodSync(area, 0o711)
  const runner = postgresRunner()
  // As npm leaves them under a strict umask: closed to others, the links not made.
  const packaged = join(area, 'closed', 'native')
  cpSync(packagedBinaries(), packaged, { recursive: true, verbatimSymlinks: true })
  cpSync(join(dirname(packagedBinaries()), 'package.json'), join(area, 'closed', 'package.json'))
  for (const name of readdirSync(join(packaged, 'lib'))) {
    if (lstatSync(join(packaged, 'lib', name)).isSymbolicLink()) rmSync(join(packaged, 'lib', name))
  }
  chmodSync(join(packaged, 'lib'), 0o555)
  chmodSync(join(area, 'closed'), 0o700)

  const said: string[] = []
  const home = join(area, 'home')
  mkdirSync(home)
  const options = { home, runner, say: (line: string) => void said.push(line), packaged, sharedRoot: area }
  const found = postgresBinaries(options)
  assert.notEqual(found, packaged)
  assert.equal(said.length, 1)
  // The links in the copy stay inside it: nothing is needed from the closed folder any more.
  chmodSync(join(area, 'closed'), 0)
  const version = spawnSync(join(found, 'bin', 'postgres'), ['--version'], { cwd: '/', encoding: 'utf8', ...runner })
  assert.match(version.stdout, /PostgreSQL\) 18/)
  chmodSync(join(area, 'closed'), 0o700)

  assert.equal(postgresBinaries(options), found)
  assert.equal(said.length, 1, 'copied once')
  rmSync(join(found, 'lib'), { recursive: true })
  assert.equal(postgresBinaries(options), found)
  assert.equal(said.length, 2, 'a copy that a cleaner of old files has eaten into is made anew')
})
