import { randomUUID } from 'node:crypto'
import { transaction } from '#database'
import { CallFailure, type CallFailureFacts } from '#external-calls'
import type { Locale, PhoneNumber, Problem } from '#foundation'
import { admitCode, askedFromOf, priceOf } from './admit-code.ts'
import { limits, prefixBucket, prefixOf } from './code-limits.ts'
import { codeMessage } from './code-message.ts'
import { problems } from './errors.ts'
import { giveBack } from './limit-queries.ts'
import type { AccountsNeeds } from './needs.ts'
import { codeLifeMinutes, hashCode, newCode } from './one-time-code.ts'
import type { Proof } from './proof-of-work.ts'
import { type Delivery, endPause, insertChallenge, pauseLeftSeconds, recordDelivery, takePause } from './queries.ts'
import { readPhone } from './resolve-login.ts'

export interface Challenge {
  challengeId: string
  expiresAt: Temporal.Instant
  /** When the same number may be sent another code. */
  resendAt: Temporal.Instant
}

export interface CodeWish {
  phone: string
  locale: Locale
  address: string
  /** The riddle solved, when one was set. */
  proof?: Proof | undefined
}

/**
 * Sends a one-time code to a number, whether or not an account has it: the answer is the same. The challenge is
 * committed before the vendor is called, so whatever becomes of the call, a code that arrives works. How the call failed
 * is told to the client: refused, unreachable and unknown are three answers, and only the last one leaves a code behind.
 */
export async function requestCode(needs: AccountsNeeds, asked: CodeWish): Promise<Challenge> {
  const { log, metrics, surfaced, otpProvider, settings } = needs
  const number = readPhone(asked.phone)
  if (!settings.codes.countries.includes(number.country)) throw problems.phone_country_not_allowed()
  const labels = { country: number.country, prefix_bucket: prefixBucket(number.e164) }
  metrics.codes.inc({ event: 'requested', country: number.country })
  metrics.codesRequested.inc(labels)

  const code = newCode()
  const text = codeMessage(code, asked.locale, settings.codes.webOtpHost)
  const priceMinor = priceOf(needs, number.country, text)
  const challenge = await openChallenge(needs, number, asked, code, priceMinor)
  let failure: CallFailureFacts | undefined
  try {
    await surfaced({ provider: otpProvider.name, operation: 'send-code', timeoutMs: settings.codes.timeoutMs }, (signal) =>
      otpProvider.sendCode({ to: number.e164, text }, signal),
    )
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error
    failure = error.facts
  }
  const delivery = failure?.outcome ?? 'sent'
  metrics.codes.inc({ event: delivery, country: number.country })
  if (failure) metrics.codesFailed.inc({ country: number.country, outcome: failure.outcome })
  else metrics.codesSent.inc(labels)
  if (mayHaveCost(delivery)) metrics.smsSpend.inc({ purpose: 'code', tenant_bucket: '' }, priceMinor)
  log.info(
    {
      event: 'code',
      challenge: challenge.challengeId,
      provider: otpProvider.name,
      delivery,
      ...(failure && { errorType: failure.errorType, cause: failure.cause, providerCode: failure.providerCode }),
    },
    'code',
  )
  // The code is out or is not, whatever becomes of this note of it.
  await settle(
    needs,
    { challengeId: challenge.challengeId, number, priceMinor, askedFrom: askedFromOf(needs, asked.address) },
    delivery,
  ).catch((error: unknown) =>
    log.warn({ event: 'code_unrecorded', err: error, challenge: challenge.challengeId }, 'The delivery of a code could not be recorded.'),
  )
  if (failure) throw toProblem(failure, challenge)
  return challenge
}

/** All or nothing: the pause of this number, one of each limit, and the challenge. */
function openChallenge(needs: AccountsNeeds, number: PhoneNumber, asked: CodeWish, code: string, priceMinor: number): Promise<Challenge> {
  const { codes } = needs.settings
  const { e164: phone, country } = number
  const askedFrom = askedFromOf(needs, asked.address)
  return transaction(needs.database, async (tx) => {
    const challengeId = randomUUID()
    const resendAt = await takePause(tx, { phone, challengeId, resendMs: codes.resendMs })
    if (!resendAt) {
      needs.metrics.codes.inc({ event: 'limited', country })
      throw problems.code_too_soon({}, await pauseLeftSeconds(tx, phone))
    }
    await admitCode(needs, tx, { number, askedFrom, proof: asked.proof }, priceMinor)
    const codeHmac = hashCode(codes.secrets[0]!, { purpose: 'sign-in', phone, challengeId }, code)
    const expiresAt = await insertChallenge(tx, {
      id: challengeId,
      phone,
      prefix: prefixOf(phone),
      askedFrom,
      country,
      locale: asked.locale,
      codeHmac,
      lifeMinutes: codeLifeMinutes,
    })
    return { challengeId, expiresAt, resendAt }
  })
}

function mayHaveCost(delivery: Delivery): boolean {
  return delivery === 'sent' || delivery === 'unknown'
}

/** Records how the call ended. What was surely not sent does not make its number wait, nor count among its codes, nor cost anything. */
async function settle(
  { database }: AccountsNeeds,
  of: { challengeId: string; number: PhoneNumber; priceMinor: number; askedFrom: string },
  delivery: Delivery,
): Promise<void> {
  const { challengeId, number, priceMinor, askedFrom } = of
  if (mayHaveCost(delivery)) return recordDelivery(database, challengeId, delivery)
  await transaction(database, async (tx) => {
    await endPause(tx, challengeId)
    await giveBack(tx, limits.phone(number.e164, 0))
    await giveBack(tx, limits.phoneFrom(number.e164, askedFrom, 0))
    await giveBack(tx, limits.spend(number.country, 0), priceMinor)
    await giveBack(tx, limits.spend('', 0), priceMinor)
    await recordDelivery(tx, challengeId, delivery)
  })
}

function toProblem({ outcome, cause, errorType }: CallFailureFacts, challenge: Challenge): Problem {
  if (outcome === 'unknown') {
    return problems.code_delivery_unknown({
      challengeId: challenge.challengeId,
      expiresAt: challenge.expiresAt.toString(),
      resendAt: challenge.resendAt.toString(),
    })
  }
  if (outcome === 'refused') return cause === 'permanent' ? problems.code_refused() : problems.code_provider_refused()
  return errorType === 'circuit_open' ? problems.code_sending_paused({}, 10) : problems.code_provider_unreachable()
}
