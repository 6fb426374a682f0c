import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Trial } from '../trial.ts'
import { startTrial } from '../trial.ts'

type Body = { messages?: { id: string; message_status: string }[]; error?: { code: number } }
const parameters = (...texts: string[]) => [{ type: 'body', parameters: texts.map((text) => ({ type: 'text', text })) }]
const template = (more: object = {}) => ({ name: 'confirmed', language: { code: 'ar' }, components: parameters('رونق', '٤:٣٠'), ...more })
const good = { messaging_product: 'whatsapp', to: '966551234567', type: 'template', template: template() }

const send = ({ control }: Trial, change: object = {}, token = 'token') =>
  control<Body>('POST', '/v23.0/123/messages', { ...good, ...change }, { authorization: `Bearer ${token}` })
const approve = ({ control }: Trial, body = 'تم تأكيد حجزك لدى {{1}} الساعة {{2}}.') =>
  control('PUT', '/play/whatsapp/templates', { templates: [{ name: 'confirmed', language: 'ar', body }] })

test('an approved template arrives as the words it stands for', async (t) => {
  const trial = await startTrial(t)
  await approve(trial)
  const { status, body } = await send(trial)
  assert.deepEqual([status, body.messages?.[0]?.message_status], [200, 'accepted'])
  assert.match(body.messages?.[0]?.id ?? '', /^wamid\./)
  const [message] = (await trial.control<Record<string, string>[]>('GET', '/inbox.json?to=+966551234567')).body
  assert.deepEqual([message?.['channel'], message?.['body']], ['whatsapp', 'تم تأكيد حجزك لدى رونق الساعة ٤:٣٠.'])
})

test('each refusal has its own code, and nothing arrives', async (t) => {
  const trial = await startTrial(t)
  await approve(trial)
  const cases: [object, number, number, string?][] = [
    [{}, 401, 190, 'wrong-token'],
    [{ messaging_product: 'sms' }, 400, 100],
    [{ to: 'sara' }, 400, 131009],
    [{ type: 'text', text: { body: 'hello' } }, 400, 131047],
    [{ template: undefined }, 400, 131008],
    [{ template: template({ name: 'unheard_of' }) }, 404, 132001],
    [{ template: template({ language: { code: 'en' } }) }, 404, 132001],
    [{ template: template({ components: parameters('رونق') }) }, 400, 132000],
    [{ template: template({ components: parameters('رونق', 'a\nb') }) }, 400, 132012],
    [{ template: template({ components: parameters('رونق', 'x'.repeat(1_100)) }) }, 400, 132005],
  ]
  for (const [change, status, code, token] of cases) {
    const answer = await send(trial, change, token)
    assert.deepEqual([answer.status, answer.body.error?.code], [status, code], JSON.stringify(change))
  }
  assert.deepEqual((await trial.control<unknown[]>('GET', '/inbox.json')).body, [])
})

test('whoever writes to the same number again too soon is refused for now', async (t) => {
  const trial = await startTrial(t)
  await trial.switches({ perRecipientSeconds: 6 }, 'whatsapp')
  const codes = [await send(trial), await send(trial), await send(trial, { to: '966551234568' })].map(({ body }) => body.error?.code)
  assert.deepEqual(codes, [undefined, 131056, undefined])
  await trial.advance(1)
  assert.equal((await send(trial)).status, 200)
})

test('a message may be held, which its answer says', async (t) => {
  const trial = await startTrial(t)
  await trial.switches({ messageStatus: 'held_for_quality_assessment' }, 'whatsapp')
  assert.equal((await send(trial)).body.messages?.[0]?.message_status, 'held_for_quality_assessment')
})
