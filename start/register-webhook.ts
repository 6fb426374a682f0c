/**
 * Tells the simulated gateway where its events go, through the gateway's own API, as an operator would tell Moyasar.
 * One registration stays: those made when the server had another port lead nowhere and are removed.
 */
export async function registerWebhook(
  gateway: { baseUrl: string; secretKey: string },
  endpoint: { url: string; sharedSecret: string },
): Promise<void> {
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${gateway.baseUrl}/v1/webhooks${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${gateway.secretKey}:`).toString('base64')}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(5_000),
    })
    if (!response.ok) throw new Error(`The simulated gateway answered ${response.status} when its webhook was being registered.`)
    return response.json()
  }
  const { webhooks } = (await call('GET', '')) as { webhooks: { id: string; url: string }[] }
  for (const { id, url } of webhooks) if (url !== endpoint.url) await call('DELETE', `/${id}`)
  if (!webhooks.some(({ url }) => url === endpoint.url)) {
    await call('POST', '', { http_method: 'post', url: endpoint.url, shared_secret: endpoint.sharedSecret })
  }
}
