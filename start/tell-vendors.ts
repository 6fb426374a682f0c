import type { Config } from '../server/config.ts'
import { messageTemplates } from '../server/notifications/index.ts'

/**
 * Tells the simulated vendors of messages what an operator would set in their consoles: where delivery reports go, what they
 * are signed with, and which templates are approved. A vendor that was moved elsewhere is left alone.
 */
export async function tellVendors(simulatorsUrl: string, publicUrl: string, config: Config): Promise<void> {
  const { unifonic, taqnyat, twilio, whatsapp } = config
  const put = async (path: string, body: unknown): Promise<void> => {
    const response = await fetch(`${simulatorsUrl}${path}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(5_000),
    })
    if (!response.ok)
      throw new Error(`The simulated vendors answered ${response.status} to ${path}: ${(await response.text()).slice(0, 300)}`)
  }
  const address = (vendor: string, endpointId: string) => `${publicUrl}/v1/webhooks/${vendor}/${endpointId}`
  const ours = ({ baseUrl }: { baseUrl: string }) => baseUrl.startsWith(simulatorsUrl)

  if (ours(unifonic) && unifonic.webhookEndpointId !== null)
    await put('/play/unifonic/console', { reportsTo: address('unifonic', unifonic.webhookEndpointId) })
  if (ours(taqnyat) && taqnyat.webhookEndpointId !== null)
    await put('/play/taqnyat/console', { reportsTo: address('taqnyat', taqnyat.webhookEndpointId) })
  if (ours(twilio) && twilio.accountSid !== '' && twilio.authToken !== '')
    await put('/play/twilio/console', { accountSid: twilio.accountSid, authToken: twilio.authToken })
  if (ours(whatsapp)) await put('/play/whatsapp/templates', { templates: messageTemplates() })
  if (ours(whatsapp) && whatsapp.webhookEndpointId !== null) {
    const { appSecret, verifyToken } = whatsapp
    await put('/play/whatsapp/console', { reportsTo: address('whatsapp', whatsapp.webhookEndpointId), appSecret, verifyToken })
  }
}
