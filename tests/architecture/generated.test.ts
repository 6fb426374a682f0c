import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { referenceFiles } from '../../docs/reference-files.ts'
import { settings } from '../../server/settings.ts'
import { testDatabase } from '../support/postgres.ts'

const inClone = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

test('what is made from the code and checked in is what the code makes now', async (t) => {
  const files = await referenceFiles((await testDatabase(t)).url)
  assert.deepEqual([...files.keys()].toSorted(), [
    '.env.example',
    'docs/reference/alerts.md',
    'docs/reference/errors.md',
    'docs/reference/failures.md',
    'docs/reference/log-events.md',
    'docs/reference/messages.md',
    'docs/reference/openapi.json',
    'docs/reference/settings.md',
    'monitoring/grafana-dashboard.json',
    'monitoring/prometheus-rules.yaml',
    'sdk/src/generated/openapi.ts',
    'server/database/schema.sql',
  ])
  const stale = [...files]
    .filter(([path, text]) => !existsSync(inClone(path)) || readFileSync(inClone(path), 'utf8') !== text)
    .map(([path]) => path)
  assert.deepEqual(stale, [], 'run npm run docs')
})

test('every setting is in .env.example once, and nothing else is', () => {
  const named = Array.from(readFileSync(inClone('.env.example'), 'utf8').matchAll(/^#?([A-Z][A-Z0-9_]+)=/gm), ([, name]) => name)
  assert.deepEqual(named, Object.keys(settings))
})

test('every setting the server reads is declared, and every declared one is read', () => {
  // config.ts, and the parts of it that have files of their own.
  const readers = readdirSync(inClone('server')).filter((name) => name === 'config.ts' || name.endsWith('-settings.ts'))
  const config = readers.map((name) => readFileSync(inClone(`server/${name}`), 'utf8')).join('\n')
  const read = new Set(Array.from(config.matchAll(/['"]([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|PORT|HOST)['"]/g), ([, name = '']) => name))
  const house = new Set(['THABIT_EMBEDDED_DATABASE'])
  assert.deepEqual(
    [...read].filter((name) => !(name in settings) && !house.has(name)),
    [],
  )
  assert.deepEqual(
    Object.keys(settings).filter((name) => !read.has(name)),
    [],
  )
})
