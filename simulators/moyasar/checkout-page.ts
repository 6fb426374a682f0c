import type { Answer } from '../answers.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import type { Language } from '../page.ts'
import { languageLink, layout, money } from '../page.ts'
import { fractionDigits } from './amounts.ts'
import type { Word } from './checkout-words.ts'
import { reason, say } from './checkout-words.ts'
import type { Challenge, Invoice, Payment } from './objects.ts'
import type { TestCard } from './test-cards.ts'
import { TEST_CARDS } from './test-cards.ts'

const STATES: Partial<Record<Invoice['status'], Word>> = {
  paid: 'paid',
  expired: 'expired',
  canceled: 'canceled',
  refunded: 'returned',
  voided: 'returned',
}
const BRANDS: Record<TestCard['company'], string> = { mada: 'mada', visa: 'Visa', master: 'Mastercard', amex: 'Amex', unionpay: 'UnionPay' }

export type Said = { refused: Payment } | { wrongCard: true } | undefined

/** The hosted page of an invoice: what is due, test cards at a press, and a card form that works without JavaScript. */
export function invoicePage(invoice: Invoice, said: Said, language: Language): Answer {
  const payable = invoice.status === 'initiated' || invoice.status === 'failed'
  const amount = money(invoice.amount, fractionDigits(invoice.currency), invoice.currency, language)
  const action = `/checkout/invoices/${invoice.id}/pay?lang=${language}`
  const body = html` ${notice(language)}
    <header class="bar">
      <h1>${say('title', language)}</h1>
      ${languageLink(language, `/checkout/invoices/${invoice.id}`)}
    </header>
    <main>
      <section class="card" aria-labelledby="due">
        <h2 id="due" class="soft">${say('payFor', language)}</h2>
        <p class="amount"><bdi>${amount}</bdi></p>
        <p><bdi>${invoice.description}</bdi></p>
        ${payable ? spoken(said, language) : ended(invoice, language)}
      </section>
      ${payable && [quickCards(action, language), cardForm(action, amount, language)]} ${backLink(invoice, language)}
    </main>`
  return layout({ language, title: say('title', language), body })
}

export function securePage(invoice: Payment, challenge: Challenge, language: Language): Answer {
  const amount = money(invoice.amount, fractionDigits(invoice.currency), invoice.currency, language)
  const path = `/v1/transaction_auths/${challenge.id}/form`
  const press = (decision: 'approve' | 'reject' | 'leave', look: string): Html =>
    html`<button class="${look}" name="decision" value="${decision}">${say(decision, language)}</button>`
  const body = html` ${notice(language)}
    <header class="bar"><h1>${say('secureTitle', language)}</h1></header>
    <main>
      <section class="card">
        <p class="amount"><bdi>${amount}</bdi></p>
        <p class="soft"><bdi class="ltr">${invoice.source.number}</bdi></p>
        <p>${say('secureHint', language)}</p>
        <form method="post" action="${path}?token=${challenge.token}&amp;lang=${language}" class="stack">
          ${press('approve', 'main')}${press('reject', 'danger')}${press('leave', 'quiet')}
        </form>
      </section>
    </main>`
  return layout({ language, title: say('secureTitle', language), body })
}

/** A page with one sentence: nothing here, no longer open, you left. */
export function messagePage(word: Word, language: Language, status = 200): Answer {
  const body = html`${notice(language)}
    <main>
      <section class="card"><h1>${say(word, language)}</h1></section>
    </main>`
  return layout({ language, title: say(word, language), body, status })
}

function notice(language: Language): Html {
  return html`<aside class="notice" aria-label="${say('about', language)}">${say('simulation', language)}</aside>`
}

function spoken(said: Said, language: Language): Html | null {
  if (said === undefined) return null
  if ('wrongCard' in said) return html`<p class="said bad" role="alert">${say('wrongCard', language)}</p>`
  const { source } = said.refused
  const why = reason({ code: source.response_code }, language)
  return html`<p class="said bad" role="alert">
    ${say('refused', language)}: ${why} <small><bdi class="ltr">${source.message}</bdi></small
    ><small>${say('tryAgain', language)}</small>
  </p>`
}

function ended(invoice: Invoice, language: Language): Html {
  const word = STATES[invoice.status] ?? 'closed'
  return html`<p class="said ${invoice.status === 'paid' ? 'good' : 'plain'}" role="status">${say(word, language)}</p>`
}

function quickCards(action: string, language: Language): Html {
  const button = (card: TestCard, label: string, look = ''): Html =>
    html`<button class="${look}" name="card" value="${card.number}" data-card="${card.number}">
      ${label}<small><bdi class="ltr">${BRANDS[card.company]} ${card.number.slice(-4)}</bdi></small>
    </button>`
  const paid = TEST_CARDS.filter(({ code, when }) => code === '00' && when === 'after challenge')
  const refused = TEST_CARDS.filter(({ code, company }) => code !== null && code !== '00' && company === 'visa')
  const secure = TEST_CARDS.filter(
    ({ number, company }) => company === 'visa' && number.startsWith('41111') && number !== '4111111111111111',
  )
  const group = (word: Word, cards: Html[], open: boolean): Html =>
    html`<details${open && html` open`}><summary>${say(word, language)}</summary><form method="post" action="${action}" class="chips">${cards}</form></details>`
  return html`<section class="card" aria-labelledby="tests">
    <h2 id="tests">${say('tryOut', language)}</h2>
    <p class="soft">${say('tryOutHint', language)}</p>
    ${group(
      'paidCards',
      paid.map((card) => button(card, say('pay', language), card.company === 'mada' ? 'main' : '')),
      true,
    )}
    ${group(
      'refusedCards',
      refused.map((card) => button(card, reason({ code: card.code }, language))),
      false,
    )}
    ${group(
      'secureCards',
      secure.map((card) => button(card, reason(card, language))),
      false,
    )}
  </section>`
}

function cardForm(action: string, amount: string, language: Language): Html {
  return html`<section class="card" aria-labelledby="by-card">
    <h2 id="by-card">${say('byCard', language)}</h2>
    <form method="post" action="${action}" class="stack">
      <label
        >${say('number', language)}<input
          class="ltr"
          dir="ltr"
          name="number"
          inputmode="numeric"
          autocomplete="cc-number"
          maxlength="23"
          placeholder="0000 0000 0000 0000"
          required
      /></label>
      <label>${say('holder', language)}<input name="name" autocomplete="cc-name" dir="auto" required /></label>
      <div class="pair">
        <label
          >${say('expiry', language)}<input
            class="ltr"
            dir="ltr"
            name="expiry"
            autocomplete="cc-exp"
            maxlength="7"
            placeholder="MM/YY"
            required
        /></label>
        <label
          >${say('cvc', language)}<input
            class="ltr"
            dir="ltr"
            name="cvc"
            inputmode="numeric"
            autocomplete="cc-csc"
            maxlength="4"
            placeholder="123"
            required
        /></label>
      </div>
      <button class="main">${say('pay', language)} <bdi>${amount}</bdi></button>
    </form>
  </section>`
}

function backLink(invoice: Invoice, language: Language): Html | null {
  const paid = invoice.status === 'paid'
  const to = paid ? (invoice.success_url ?? invoice.back_url) : invoice.back_url
  return to === null ? null : html`<a class="button quiet" href="${to}">${say(paid ? 'backPaid' : 'back', language)}</a>`
}
