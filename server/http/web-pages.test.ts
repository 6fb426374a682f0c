import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fastify } from 'fastify'
import { createLog } from '#foundation'
import { answerProblems } from './problem-answer.ts'
import { serveWebPages } from './web-pages.ts'

async function pages(
  t: TestContext,
  files: Record<string, string> = { 'index.html': '<title>Thabit</title>', 'assets/app-1.js': 'let a', 'icon.svg': '<svg/>' },
) {
  const root = `${mkdtempSync(join(tmpdir(), 'thabit-pages-'))}/`
  t.after(() => rmSync(root, { recursive: true }))
  mkdirSync(`${root}assets`)
  for (const [name, text] of Object.entries(files)) writeFileSync(root + name, text)
  const app = fastify()
  app.decorateRequest('locale', 'en')
  answerProblems(app, createLog({ level: 'silent' }))
  await serveWebPages(app, root)
  app.get('/v1/things', () => ({}))
  t.after(() => app.close())
  return app
}

const browser = { accept: 'text/html,application/xhtml+xml' }

test('any address of the pages opens them, however deep', async (t) => {
  const app = await pages(t)
  for (const url of ['/', '/b/rawnaq-salon', '/en/bookings/0199a0b0-0000-7000-8000-000000000001?returned=1', '/ops', '/%D8%AB']) {
    const answer = await app.inject({ url, headers: browser })
    assert.equal(answer.statusCode, 200, url)
    assert.match(answer.body, /<title>Thabit/)
    assert.equal(answer.headers['cache-control'], 'no-cache')
  }
})

test('what programs ask for is never answered with a page', async (t) => {
  const app = await pages(t)
  for (const url of ['/v1', '/v1/nothing', '/metrics', '/livez', '/docs/x', '/openapi.json', '/assets/gone.js']) {
    const answer = await app.inject({ url, headers: browser })
    assert.equal(answer.statusCode, 404, url)
    assert.equal(answer.json<{ code: string }>().code, 'not_found')
  }
  assert.equal((await app.inject({ url: '/b/rawnaq-salon', headers: { accept: 'application/json' } })).statusCode, 404)
  assert.equal((await app.inject({ method: 'POST', url: '/b/rawnaq-salon', headers: browser })).statusCode, 404)
  assert.equal((await app.inject({ method: 'POST', url: '/v1/things', headers: browser })).statusCode, 405)
})

test('files whose names hold their content are kept for good, others asked for again', async (t) => {
  const app = await pages(t)
  const script = await app.inject('/assets/app-1.js')
  assert.equal(script.body, 'let a')
  assert.match(String(script.headers['cache-control']), /immutable/)
  assert.equal((await app.inject('/icon.svg')).headers['cache-control'], 'no-cache')
})

test('nothing beside the built files can be read', async (t) => {
  const app = await pages(t)
  for (const url of [
    '/../package.json',
    '/assets/../../../etc/passwd',
    '/assets/%2e%2e/%2e%2e/etc/passwd',
    '/assets/..%2f..%2fetc%2fpasswd',
    '/assets/app-1.js%00',
    '/.git/config',
    '/assets/',
  ]) {
    const answer = await app.inject({ url })
    assert.equal(answer.statusCode, 404, url)
  }
})

test('a clone whose pages were not built says that there is nothing', async (t) => {
  const app = await pages(t, {})
  assert.equal((await app.inject({ url: '/', headers: browser })).statusCode, 404)
})
