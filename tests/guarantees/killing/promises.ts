import type { Acknowledged } from './acts.ts'
import type { Ending } from './stories.ts'
import type { Truth } from './truth.ts'

/** A sentence for each promise of the house that does not hold: P1 to P6. Whoever died when, this list is empty once all is at rest. */
export function brokenPromises(truth: Truth): string[] {
  return [
    ...overlaps(truth),
    ...confirmedWithoutMoney(truth),
    ...lostMoney(truth),
    ...doubled(truth),
    ...untold(truth),
    ...codesUsedTwice(truth),
  ]
}

const isLive = ({ state }: { state: string }) => state === 'held' || state === 'booked'

function overlaps({ claims, bookings }: Truth): string[] {
  const live = claims.filter(isLive)
  const pairs = live.flatMap((a, at) =>
    live.slice(at + 1).filter((b) => a.resourceId === b.resourceId && before(a.from, b.to) && before(b.from, a.to)),
  )
  const statusOf = new Map(bookings.map(({ id, status }) => [id, status]))
  return [
    ...pairs.map(({ resourceId }) => `P1: two live bookings overlap on ${resourceId}`),
    ...bookings
      .filter(({ id, status }) => status === 'confirmed' && !live.some((claim) => claim.holderId === id && claim.state === 'booked'))
      .map(({ id }) => `P1: ${id} is confirmed and owns no time`),
    ...live
      .filter(({ holderId }) => !['held', 'confirmed', 'completed'].includes(statusOf.get(holderId) ?? ''))
      .map(({ holderId }) => `P1: ${holderId} is over and still owns time`),
  ]
}

function before(a: Temporal.Instant, b: Temporal.Instant): boolean {
  return Temporal.Instant.compare(a, b) < 0
}

function confirmedWithoutMoney({ bookings, payments, pages }: Truth): string[] {
  return bookings
    .filter(({ status, amountMinor }) => status === 'confirmed' && amountMinor > 0)
    .filter(({ orderId, amountMinor, currency }) => {
      const attempts = payments.filter(({ payableId, disposition }) => payableId === orderId && disposition?.startsWith('applied') === true)
      return !attempts.some((payment) =>
        pages.some(
          (page) =>
            (page.attemptId === payment.id || isAdopted(payment)) &&
            page.amountMinor === amountMinor &&
            page.currency === currency &&
            page.charges.some(({ taken, id }) => taken && id === payment.gatewayChargeId),
        ),
      )
    })
    .map(({ id }) => `P2: ${id} is confirmed and the gateway knows of no such money`)
}

/** By an operator, who said whose money it is: the page itself does not. */
function isAdopted({ clientKey }: Truth['payments'][0]): boolean {
  return clientKey.startsWith('difference ')
}

/**
 * Every charge the gateway took, against what the house made of it; what it gave back against what was owed; and the books
 * against both. The promise is kept also by an item that a person is called to; here not even that may be needed.
 */
function lostMoney({ bookings, payments, refunds, pages, booksMinor, differences }: Truth): string[] {
  const charges = pages.flatMap((page) => page.charges).filter(({ taken }) => taken)
  const keptMinor = charges.reduce((sum, { amountMinor, refundedMinor }) => sum + amountMinor - refundedMinor, 0)
  return [
    ...charges.flatMap((charge) => {
      const owedMinor = refunds
        .filter(({ gatewayChargeId }) => gatewayChargeId === charge.id)
        .reduce((sum, { amountMinor }) => sum + amountMinor, 0)
      return charge.refundedMinor === owedMinor
        ? []
        : [`P3: of charge ${charge.id} ${charge.refundedMinor} went back and ${owedMinor} was owed`]
    }),
    ...charges.flatMap((charge) => {
      if (charge.refundedMinor >= charge.amountMinor) return []
      const payment = payments.find(({ gatewayChargeId }) => gatewayChargeId === charge.id)
      const booking = payment && bookings.find(({ orderId }) => orderId === payment.payableId)
      // Cancelled: the rest is kept by the policy, and the refund was compared above.
      const earned =
        payment?.disposition?.startsWith('applied') === true &&
        booking !== undefined &&
        ['confirmed', 'completed', 'cancelled'].includes(booking.status)
      return earned
        ? []
        : [
            `P3: ${charge.amountMinor - charge.refundedMinor} was taken by charge ${charge.id} and is lost: ${payment ? `payment ${payment.state}` : 'nobody knows of it'}`,
          ]
    }),
    ...(booksMinor === keptMinor ? [] : [`P3: the books have ${booksMinor} and the gateway ${keptMinor}`]),
    ...differences.map(({ kind }) => `P3: a person is called: ${kind}`),
  ]
}

function doubled({ bookings, payments, pages }: Truth): string[] {
  const kept = pages.flatMap(({ attemptId, charges }) =>
    charges
      .filter(({ taken, amountMinor, refundedMinor }) => taken && refundedMinor === 0 && amountMinor > 0)
      .map(() => payments.find(({ id }) => id === attemptId)?.payableId),
  )
  return [
    ...repeated(bookings.map(({ accountId, clientKey }) => `${accountId} ${clientKey}`)).map(
      (key) => `P4: the key ${key} made two bookings`,
    ),
    ...repeated(payments.map(({ payableId, clientKey }) => `${payableId} ${clientKey}`)).map(
      (key) => `P4: the key ${key} made two payments`,
    ),
    ...repeated(kept.filter((payableId) => payableId !== undefined)).map((payableId) => `P4: ${payableId} was charged twice`),
  ]
}

function repeated(words: string[]): string[] {
  return [...new Set(words.filter((word, at) => words.indexOf(word) !== at))]
}

function untold(truth: Truth): string[] {
  const { changes, notifications, bookings } = truth
  const same = (a: Truth['changes'][0]) => (b: Truth['changes'][0]) =>
    a.aboutId === b.aboutId && a.kind === b.kind && a.version === b.version
  const missing = changes.filter((change) => !notifications.some(same(change)))
  const unsent = bookings.filter(({ id, reference }) => sentAbout(truth, id) > textsAbout(truth, reference))
  return [
    ...missing.map(({ kind, aboutId }) => `P5: nobody was to be told of ${kind} of ${aboutId}`),
    ...notifications
      .filter(({ id, state }) => state === 'FAILED' && !notifications.some(({ standsInFor }) => standsInFor === id))
      .map(({ kind, aboutId }) => `P5: ${kind} of ${aboutId} failed though the vendor was well`),
    ...bookings
      .filter(({ id, reference }) => textsAbout(truth, reference) > mayHaveArrived(truth, id))
      .map(({ reference }) => `P5: a message of ${reference} arrived more often than its attempts explain`),
    ...unsent.map(({ reference }) => `P5: a message of ${reference} counts as sent and never arrived`),
  ]
}

/** What the vendor took and did not report as lost. */
const sentAbout = ({ notifications }: Truth, id: string) =>
  notifications.filter(({ aboutId, state, delivery }) => aboutId === id && state === 'SENT' && delivery !== 'undelivered').length
/** As often as an attempt at a message of it succeeded, or ended without an answer: then it may have arrived, and is sent again. */
const mayHaveArrived = ({ notifications }: Truth, id: string) =>
  notifications.filter(({ aboutId }) => aboutId === id).reduce((sum, { attempts }) => sum + attempts.ok + attempts.unsure, 0)
const textsAbout = ({ texts }: Truth, reference: string) => texts.filter(({ body }) => body.includes(reference)).length

/** Messages that arrived twice: sent by one who died before noting it, and again by the next. The price of never losing one. */
export function messagesTwice(truth: Truth): number {
  return truth.bookings.reduce((sum, { id, reference }) => sum + Math.max(0, textsAbout(truth, reference) - sentAbout(truth, id)), 0)
}

function codesUsedTwice({ codes, sessions }: Truth): string[] {
  return [...new Set(codes.map(({ phone }) => phone))].flatMap((phone) => {
    const used = codes.filter((code) => code.phone === phone && code.used).length
    const logins = sessions.filter((session) => session.phone === phone).length
    return [
      ...(logins > used ? [`P6: ${used} codes made ${logins} logins`] : []),
      ...(codes.some((code) => code.phone === phone && code.attempts > 5) ? ['P6: more than five guesses'] : []),
    ]
  })
}

/** The same for one story: what it was to end with, and what people were answered on its way. */
export function brokenEnding({ bookings, pages, sessions, notifications }: Truth, ending: Ending): string[] {
  const keptMinor = pages
    .flatMap(({ charges }) => charges)
    .reduce((sum, charge) => sum + (charge.taken ? charge.amountMinor - charge.refundedMinor : 0), 0)
  return [
    ...Object.entries(ending.bookings).flatMap(([id, { status, startsAt }]) => {
      const booking = bookings.find((one) => one.id === id)
      if (!booking) return [`ending: the booking ${id} was acknowledged and is lost`]
      if (booking.status !== status) return [`ending: ${id} should be ${status} and is ${booking.status}`]
      return startsAt === undefined || booking.startsAt.equals(startsAt) ? [] : [`ending: ${id} was not moved`]
    }),
    ...bookings.filter(({ id }) => !(id in ending.bookings)).map(({ id }) => `ending: nobody knows of the booking ${id}`),
    ...(keptMinor === ending.keptMinor ? [] : [`ending: ${keptMinor} is kept and ${ending.keptMinor} should be`]),
    ...notifications
      .filter(({ aboutId, kind }) => ending.delivery?.[aboutId] !== undefined && kind === 'booking-confirmed')
      .filter(({ aboutId, delivery }) => delivery !== ending.delivery?.[aboutId])
      .map(({ delivery }) => `ending: the vendor's report was acknowledged, and the message counts as ${delivery ?? 'nothing'}`),
    ...(ending.phone !== undefined && !sessions.some(({ phone }) => phone === ending.phone) ? ['ending: nobody is signed in'] : []),
    ...answeredWithTwo(ending.heard),
  ]
}

/** P4 as the client sees it: one key, one thing. */
export function answeredWithTwo(heard: Acknowledged): string[] {
  return [...Map.groupBy(heard, ({ key }) => key)]
    .filter(([, all]) => new Set(all.map(({ id }) => id)).size > 1)
    .map(([key]) => `P4: the key ${key} was answered with two things`)
}
