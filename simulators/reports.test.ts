import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import type { Trial } from './trial.ts'
import { basic, startTrial, waitFor } from './trial.ts'

type Heard = { path: string; text: string; headers: Record<string, string | string[] | undefined> }

/** An address that hears reports, answers `status`, and repeats the challenge to who knows its word. */
async function startEar(t: TestContext) {
  const heard: Heard[] = []
  const ear = { url: '', status: 200, word: 'our-word', heard }
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://ear')
    if (request.method === 'GET') {
      const known = searchParams.get('hub.verify_token') === ear.word
      response.writeHead(known ? 200 : 403).end(known ? searchParams.get('hub.challenge') : '')
      return
    }
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      heard.push({ path: pathname, text, headers: request.headers })
      response.writeHead(ear.status).end()
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()))
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  ear.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/webhooks/any/the-right-address`
  return ear
}

type Vendor = 'unifonic' | 'taqnyat' | 'twilio' | 'whatsapp'
const vendors: Vendor[] = ['unifonic', 'taqnyat', 'twilio', 'whatsapp']
const secret = 'what-it-is-signed-with'

async function tellConsole({ control }: Trial, vendor: Vendor, url: string): Promise<void> {
  const settings =
    vendor === 'twilio'
      ? { accountSid: 'AC1', authToken: secret }
      : { reportsTo: url, ...(vendor === 'whatsapp' && { appSecret: secret, verifyToken: 'our-word' }) }
  assert.equal((await control('PUT', `/play/${vendor}/console`, settings)).status, 200)
}

async function send({ url, control }: Trial, vendor: Vendor, ear: string, number = '966551234567'): Promise<void> {
  const template = { name: 'x', language: { code: 'ar' }, components: [] }
  const answer = {
    unifonic: () => control('POST', '/rest/SMS/messages', { AppSid: 'a', Recipient: number, Body: 'x' }),
    taqnyat: () => control('POST', '/v1/messages', { recipients: [number], body: 'x', sender: 'T' }, { authorization: 'Bearer t' }),
    twilio: () =>
      fetch(`${url}/2010-04-01/Accounts/AC1/Messages.json`, {
        method: 'POST',
        headers: basic('AC1', secret),
        body: new URLSearchParams({ To: `+${number}`, From: 'T', Body: 'x', StatusCallback: ear }),
      }),
    whatsapp: () =>
      control(
        'POST',
        '/v23.0/1/messages',
        { messaging_product: 'whatsapp', to: number, type: 'template', template, biz_opaque_callback_data: 'ours' },
        { authorization: 'Bearer t' },
      ),
  }[vendor]
  assert.ok((await answer()).status < 300, vendor)
}

/** What a report says became of the message. */
function wordOf({ text }: Heard): string | undefined {
  return /(?:MessageStatus=|DLR=|"[Ss]tatus":")(\w+)/.exec(text)?.[1]
}

async function open(t: TestContext, vendor: Vendor) {
  const trial = await startTrial(t)
  const ear = await startEar(t)
  await tellConsole(trial, vendor, ear.url)
  await trial.switches({ reportAfterMs: 20, ...(vendor === 'unifonic' && { reportForm: 'new' }) }, vendor)
  const words = () => ear.heard.map((one) => wordOf(one) ?? '')
  return { trial, ear, words, send: (number?: string) => send(trial, vendor, ear.url, number) }
}

const usual = {
  unifonic: ['Sent', 'Delivered'],
  taqnyat: ['sent', 'delivered'],
  twilio: ['sent', 'delivered'],
  whatsapp: ['sent', 'delivered', 'read'],
}
const lost = { unifonic: 'Failed', taqnyat: 'failed', twilio: 'undelivered', whatsapp: 'failed' }

for (const vendor of vendors) {
  test(`${vendor} reports each step once, in order; a number nobody answers is reported lost and its phone gets nothing`, async (t) => {
    const { trial, ear, words, send } = await open(t, vendor)
    await send()
    await waitFor(() => ear.heard.length === usual[vendor].length)
    assert.deepEqual(words(), usual[vendor])
    await send('966551230404')
    await waitFor(() => words().at(-1) === lost[vendor])
    assert.deepEqual((await trial.control<unknown[]>('GET', '/inbox.json?to=966551230404')).body, [])
  })

  test(`${vendor}’s reports come twice, out of order, late or never, by fault and by switch`, async (t) => {
    const { trial, ear, words, send } = await open(t, vendor)
    await trial.fault({ provider: vendor, operation: 'report', fault: 'duplicate-webhook', times: 1 })
    await send()
    await waitFor(() => ear.heard.length === usual[vendor].length * 2)
    assert.deepEqual(
      words().toSorted((one, other) => one.localeCompare(other)),
      [...usual[vendor], ...usual[vendor]].toSorted((one, other) => one.localeCompare(other)),
    )
    ear.heard.length = 0
    await trial.switches({ deliveryReports: 'out of order' }, vendor)
    await send()
    await waitFor(() => ear.heard.length === usual[vendor].length)
    assert.deepEqual(words(), usual[vendor].toReversed())
    ear.heard.length = 0
    await trial.switches({ deliveryReports: 'never' }, vendor)
    await send()
    await trial.switches({ deliveryReports: 'late' }, vendor)
    await send()
    await new Promise((resolve) => setTimeout(resolve, 150))
    assert.deepEqual(words(), [])
    await trial.advance(1)
    assert.deepEqual(words(), usual[vendor])
  })
}

test('a forged report comes to a guessed address where nothing is signed, and with a guessed signature where it is', async (t) => {
  for (const vendor of vendors) {
    const { trial, ear, send } = await open(t, vendor)
    await trial.switches({ deliveryReports: 'forged' }, vendor)
    await send()
    await waitFor(() => ear.heard.length === usual[vendor].length)
    const right = new URL(ear.url).pathname
    for (const { path, text, headers } of ear.heard) {
      const { ['x-hub-signature-256']: meta, ['x-twilio-signature']: twilio } = headers
      if (vendor === 'whatsapp') assert.notEqual(meta, `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`)
      assert.equal(path === right, vendor === 'whatsapp' || vendor === 'twilio', vendor)
      assert.equal(twilio !== undefined, vendor === 'twilio')
    }
  }
})

test('WhatsApp’s reports are signed over their bytes, and quote our own id', async (t) => {
  const { ear, send } = await open(t, 'whatsapp')
  await send()
  await waitFor(() => ear.heard.length === 3)
  for (const { text, headers } of ear.heard) {
    assert.equal(headers['x-hub-signature-256'], `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`)
    assert.match(text, /"biz_opaque_callback_data":"ours"/)
  }
})

test('WhatsApp takes an address only from who repeats its challenge, and Twilio reports to none it was not given', async (t) => {
  const trial = await startTrial(t)
  const ear = await startEar(t)
  ear.word = 'another-word'
  const settings = { reportsTo: ear.url, appSecret: secret, verifyToken: 'our-word' }
  assert.equal((await trial.control('PUT', '/play/whatsapp/console', settings)).status, 422)
  assert.equal((await trial.control('PUT', '/play/whatsapp/console', { ...settings, verifyToken: 'another-word' })).status, 200)
  await send(trial, 'twilio', '')
  assert.deepEqual((await trial.control('GET', '/play/reports')).body, { attempts: [] })
})

test('a report that is not answered with 2xx comes again where the vendor repeats, as often as it does', async (t) => {
  const { trial, ear, send } = await open(t, 'taqnyat')
  ear.status = 503
  await send()
  await waitFor(() => ear.heard.length === 2)
  await trial.advance(2)
  await trial.advance(20)
  await trial.advance(10_000)
  assert.equal(ear.heard.length, 6)
  const { attempts } = (await trial.control<{ attempts: { status: number }[] }>('GET', '/play/reports')).body
  assert.deepEqual([attempts.length, attempts[0]?.status], [6, 503])
})
