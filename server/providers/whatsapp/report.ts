import { createHmac } from 'node:crypto'
import type { DeliveryReport, DeliveryReportReader, SaidDelivery } from '#notifications'
import { ourIdIn } from '../our-id.ts'
import { header, isDigest, sameSecret } from '../signature.ts'
import { meanings as codes } from './wire.ts'

const meanings: Record<string, SaidDelivery> = { sent: 'sent', delivered: 'delivered', read: 'read', failed: 'undelivered' }

/** The Cloud API's webhooks, signed over the raw bytes with the app's secret. Much else comes by the same address and is passed over. */
export function whatsAppReports({ appSecret, verifyToken }: { appSecret: string; verifyToken: string }): DeliveryReportReader {
  return {
    provider: 'whatsapp',
    read({ headers, rawBody }) {
      const [, given] = /^sha256=([0-9a-f]{64})$/i.exec(header(headers, 'x-hub-signature-256') ?? '') ?? []
      if (!isDigest(given, createHmac('sha256', appSecret).update(rawBody), 'hex')) return 'forged'
      return { verified: 'signature', reports: statusesIn(rawBody).flatMap(reportIn) }
    },
    challenge(query) {
      const token = query['hub.verify_token']
      const challenge = query['hub.challenge']
      if (query['hub.mode'] !== 'subscribe' || typeof token !== 'string' || typeof challenge !== 'string') return 'forged'
      return sameSecret(token, verifyToken) ? challenge.slice(0, 200) : 'forged'
    },
  }
}

/** `entry[].changes[].value.statuses[]` of a body that may be anything. */
function statusesIn(rawBody: Buffer): Record<string, unknown>[] {
  try {
    const body: unknown = JSON.parse(rawBody.toString('utf8'))
    return listIn(body, 'entry')
      .flatMap((entry) => listIn(entry, 'changes'))
      .flatMap((change) => listIn(change['value'], 'statuses'))
  } catch {
    return []
  }
}

function listIn(value: unknown, name: string): Record<string, unknown>[] {
  const list: unknown = isRecord(value) ? value[name] : undefined
  return Array.isArray(list) ? list.filter(isRecord) : []
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function reportIn(status: Record<string, unknown>): DeliveryReport[] {
  const { id, status: said, timestamp } = status
  if (typeof id !== 'string' || typeof said !== 'string' || id === '') return []
  const error = listIn(status, 'errors')[0]?.['code']
  const code = typeof error === 'number' || typeof error === 'string' ? String(error) : null
  return [
    {
      providerMessageId: id.slice(0, 200),
      said: said.slice(0, 40),
      delivery: Object.hasOwn(meanings, said) ? (meanings[said] ?? null) : null,
      errorCode: code === null ? null : code.slice(0, 40),
      permanent: code !== null && Object.hasOwn(codes, code) && codes[code]?.[0] === 'permanent',
      ourId: ourIdIn(status['biz_opaque_callback_data']),
      saidAt: unixTime(timestamp),
    },
  ]
}

/** Seconds since 1970, as text. */
function unixTime(value: unknown): Temporal.Instant | null {
  const seconds = typeof value === 'string' && /^\d{1,11}$/.test(value) ? Number(value) : null
  return seconds === null ? null : Temporal.Instant.fromEpochMilliseconds(seconds * 1000)
}
