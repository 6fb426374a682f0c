import { randomUUID } from 'node:crypto';
import type { Answer, Call } from '../answers.ts';
import type { Route } from '../server.ts';
import { amountFormat } from './amounts.ts';
import { authenticate } from './authenticate.ts';
import { mergeMetadata, readFields } from './check-fields.ts';
import type { Gateway, Invoice, KeptInvoice, Mode } from './objects.ts';
import { nowIso } from './objects.ts';
import { filtered, paged } from './paging.ts';
import { showInvoice } from './read-payments.ts';
import { allInvoices, readInvoice, saveInvoice } from './records.ts';
import { answer, invalid, notFound, stateForbids } from './refusals.ts';

export const LEAST_AMOUNT_MINOR = 100;

/** The API under `/v1/invoices`: secret key only. */
export function invoiceRoutes(gateway: Gateway): Route[] {
  const { switches } = gateway;
  const provider = 'moyasar';
  const signedIn =
    (handle: (call: Call, mode: Mode) => Answer) =>
    (call: Call): Answer => {
      const caller = authenticate(call, switches);
      return 'refused' in caller ? caller.refused : handle(call, caller.mode);
    };
  const withInvoice = (handle: (kept: KeptInvoice, call: Call) => Answer): ((call: Call) => Answer) =>
    signedIn((call, mode) => {
      const kept = readInvoice(gateway, call.params['id'] ?? '', mode);
      return kept === undefined ? notFound(switches) : handle(kept, call);
    });
  return [
    { method: 'POST', path: '/v1/invoices', provider, operation: 'create-invoice', handle: signedIn((call, mode) => create(gateway, call, mode)) },
    {
      method: 'GET',
      path: '/v1/invoices',
      provider,
      operation: 'list-invoices',
      handle: signedIn((call, mode) => {
        const found = filtered(allInvoices(gateway, mode).map(({ invoice }) => invoice), call);
        const { invoices, meta } = paged('invoices', found, call) as { invoices: Invoice[]; meta: unknown };
        const shown = invoices.map(({ id }) => {
          const kept = readInvoice(gateway, id, mode);
          return kept === undefined ? undefined : showInvoice(gateway, kept);
        });
        return answer(200, { invoices: shown, meta });
      }),
    },
    { method: 'GET', path: '/v1/invoices/:id', provider, operation: 'get-invoice', handle: withInvoice((kept) => answer(200, showInvoice(gateway, kept))) },
    {
      method: 'PUT',
      path: '/v1/invoices/:id',
      provider,
      operation: 'update-invoice',
      handle: withInvoice((kept, call) => {
        const read = readFields(call);
        const description = read.optionalText('description') ?? kept.invoice.description;
        read.metadata();
        if (read.failed()) return invalid(read.errors, switches);
        const metadata = mergeMetadata(kept.invoice.metadata, call.fields['metadata']);
        return answer(200, showInvoice(gateway, saveInvoice(gateway, kept, { description, metadata })));
      }),
    },
    {
      method: 'PUT',
      path: '/v1/invoices/:id/cancel',
      provider,
      operation: 'cancel-invoice',
      handle: withInvoice((kept) => {
        const { status } = kept.invoice;
        if (status !== 'initiated' && status !== 'failed') return stateForbids(`Cancel failed. The Invoice is already ${status}.`);
        return answer(200, showInvoice(gateway, saveInvoice(gateway, kept, { status: 'canceled' })));
      }),
    },
  ];
}

function create(gateway: Gateway, call: Call, mode: Mode): Answer {
  const read = readFields(call);
  const id = randomUUID();
  const at = nowIso(gateway);
  const amount = read.amount('amount', LEAST_AMOUNT_MINOR);
  const currency = read.currency();
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
  };
  if (read.failed()) return invalid(read.errors, gateway.switches);
  const kept: KeptInvoice = { mode, paymentIds: [], invoice };
  gateway.store.put('invoice', id, kept);
  return answer(201, showInvoice(gateway, kept));
}
