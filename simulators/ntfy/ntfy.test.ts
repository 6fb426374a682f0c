import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startSimulators } from '../index.ts'

test('what is posted to a topic is kept, with how urgent it was; a full topic takes nothing', async (t) => {
  const simulators = await startSimulators({ port: 0 })
  t.after(() => simulators.close())
  const { url } = simulators
  const post = (topic: string) =>
    fetch(`${url}/ntfy/${topic}`, { method: 'POST', headers: { priority: 'urgent', 'content-type': 'text/plain' }, body: 'تنبيه' })
  assert.equal((await post('ops')).status, 200)
  assert.equal((await post('full')).status, 429)
  const kept = (await (await fetch(`${url}/ntfy/ops/json`)).json()) as { body: string; priority: string }[]
  assert.deepEqual(
    kept.map(({ body, priority }) => [body, priority]),
    [['تنبيه', 'urgent']],
  )
})
