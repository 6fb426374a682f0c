import { randomUUID } from 'node:crypto'
import type { Answer, Call } from '../answers.ts'
import { isRecord } from '../read-call.ts'
import type { Route } from '../server.ts'
import { amountFormat } from './amounts.ts'
import { authenticate } from './authenticate.ts'
import { mergeMetadata, readFields } from './check-fields.ts'
import type { Gateway, Invoice, KeptInvoice, Mode } from './objects.ts'
import { nowIso } from './objects.ts'
import { filtered, paged } from './paging.ts'
import { showInvoice } from './read-payments.ts'
import { allInvoices, readInvoice, saveInvoice } from './records.ts'
import type { FieldErrors } from './refusals.ts'
import { answer, invalid, notFound, stateForbids } from './refusals.ts'

export const LEAST_AMOUNT_MINOR = 100

/** The API under `/v1/invoices`: secret key only. */
export function invoiceRoutes(gateway: Gateway): Route[] {
  const { switches } = gateway
  const provider = 'moyasar'
  const signedIn =
    (handle: (call: Call, mode: Mode) => Answer) =>
    (call: Call): Answer => {
      const caller = authenticate(call, switches)
      return 'refused' in caller ? caller.refused : handle(call, caller.mode)
    }
  const withInvoice = (handle: (kept: KeptInvoice, call: Call) => Answer): ((call: Call) => Answer) =>
    signedIn((call, mode) => {
      const kept = readInvoice(gateway, call.params['id'] ?? '', mode)
      return kept === undefined ? notFound(switches) : handle(kept, call)
    })
  return [
    {
      method: 'POST',
      path: '/v1/invoices',
      provider,
      operation: 'create-invoice',
      handle: signedIn((call, mode) => create(gateway, call, mode)),
    },
    {
      method: 'POST',
      path: '/v1/invoices/bulk',
      provider,
      operation: 'create-invoices',
      handle: signedIn((call, mode) => createMany(gateway, call, mode)),
    },
    {
      method: 'GET',
      path: '/v1/invoices',
      provider,
      operation: 'list-invoices',
      handle: signedIn((call, mode) => {
        const found = filtered(
          allInvoices(gateway, mode).map(({ invoice }) => invoice),
          call,
        )
        const { invoices, meta } = paged('invoices', found, call) as { invoices: Invoice[]; meta: unknown }
        const shown = invoices.map((row) => {
          const kept = switches.values.invoiceRows === 'whole' ? readInvoice(gateway, row.id, mode) : undefined
          return kept === undefined ? row : showInvoice(gateway, kept)
        })
        return answer(200, { invoices: shown, meta })
      }),
    },
    {
      method: 'GET',
      path: '/v1/invoices/:id',
      provider,
      operation: 'get-invoice',
      handle: withInvoice((kept) => answer(200, showInvoice(gateway, kept))),
    },
    {
      method: 'PUT',
      path: '/v1/invoices/:id',
      provider,
      operation: 'update-invoice',
      handle: withInvoice((kept, call) => {
        const read = readFields(call)
        const description = read.optionalText('description') ?? kept.invoice.description
        read.metadata()
        if (read.failed()) return invalid(read.errors, switches)
        const metadata = mergeMetadata(kept.invoice.metadata, call.fields['metadata'])
        return answer(200, showInvoice(gateway, saveInvoice(gateway, kept, { description, metadata })))
      }),
    },
    {
      method: 'PUT',
      path: '/v1/invoices/:id/cancel',
      provider,
      operation: 'cancel-invoice',
      handle: withInvoice((kept) => {
        const { status } = kept.invoice
        const may = status === 'initiated' || status === 'failed' || (status === 'paid' && switches.values.cancelPaidInvoice === 'allow')
        if (!may) return stateForbids(`Cancel failed. The Invoice is already ${status}.`)
        return answer(200, showInvoice(gateway, saveInvoice(gateway, kept, { status: 'canceled' })))
      }),
    },
  ]
}

const MOST_AT_ONCE = 50

/** All or none: the first row with a fault is answered with it. */
function createMany(gateway: Gateway, call: Call, mode: Mode): Answer {
  const rows = call.fields['invoices']
  const fine = Array.isArray(rows) && rows.length > 0 && rows.length <= MOST_AT_ONCE && rows.every(isRecord)
  if (!fine) return invalid({ invoices: [`must have 1 to ${MOST_AT_ONCE} invoices`] }, gateway.switches)
  const read = rows.map((fields: Record<string, unknown>) => readWanted(gateway, { fields, bodyKind: call.bodyKind }))
  const wrong = read.find((one) => 'errors' in one)
  if (wrong !== undefined && 'errors' in wrong) return invalid(wrong.errors, gateway.switches)
  const kept = read.flatMap((one) => ('invoice' in one ? [keep(gateway, one.invoice, mode)] : []))
  return answer(201, { invoices: kept.map((one) => showInvoice(gateway, one)) })
}

function create(gateway: Gateway, call: Call, mode: Mode): Answer {
  const read = readWanted(gateway, call)
  if ('errors' in read) return invalid(read.errors, gateway.switches)
  return answer(201, showInvoice(gateway, keep(gateway, read.invoice, mode)))
}

function keep(gateway: Gateway, invoice: Invoice, mode: Mode): KeptInvoice {
  const kept: KeptInvoice = { mode, paymentIds: [], invoice }
  gateway.store.put('invoice', invoice.id, kept)
  return kept
}

function readWanted(gateway: Gateway, wanted: Pick<Call, 'fields' | 'bodyKind'>): { invoice: Invoice } | { errors: FieldErrors } {
  const read = readFields(wanted)
  const id = randomUUID()
  const at = nowIso(gateway)
  const amount = read.amount('amount', LEAST_AMOUNT_MINOR)
  const currency = read.currency()
  const invoice: Invoice = {
    id,
    status: 'initiated',
    amount,
    currency,
    description: read.text('description'),
    logo_url: null,
    amount_format: amountFormat(amount, currency),
    url: `${gateway.url()}/checkout/invoices/${id}`,
    callback_url: read.url('callback_url', 'optional'),
    expired_at: read.future('expired_at', gateway.clock.now()),
    created_at: at,
    updated_at: at,
    back_url: read.url('back_url', 'optional'),
    success_url: read.url('success_url', 'optional'),
    metadata: read.metadata(),
  }
  return read.failed() ? { errors: read.errors } : { invoice }
}
