import { randomUUID } from 'node:crypto'
import { transaction } from '#database'
import { CallFailure, type CallFailureFacts } from '#external-calls'
import type { Locale, PhoneNumber, Problem } from '#foundation'
import { countAgainst, limits } from './code-limits.ts'
import { codeMessage } from './code-message.ts'
import { problems } from './errors.ts'
import type { AccountsNeeds } from './needs.ts'
import { toLimitedAddress } from './network-address.ts'
import { codeLifeMinutes, hashCode, newCode } from './one-time-code.ts'
import {
  type Delivery,
  endPause,
  giveBackOne,
  insertChallenge,
  limitLeftSeconds,
  pauseLeftSeconds,
  recordDelivery,
  takePause,
} from './queries.ts'
import { readPhone } from './resolve-login.ts'

export interface Challenge {
  challengeId: string
  expiresAt: Temporal.Instant
  /** When the same number may be sent another code. */
  resendAt: Temporal.Instant
}

/**
 * Sends a one-time code to a number, whether or not an account has it: the answer is the same. The challenge is
 * committed before the vendor is called, so whatever becomes of the call, a code that arrives works. How the call failed
 * is told to the client: refused, unreachable and unknown are three answers, and only the last one leaves a code behind.
 */
export async function requestCode(needs: AccountsNeeds, asked: { phone: string; locale: Locale; address: string }): Promise<Challenge> {
  const { log, metrics, surfaced, otpProvider, settings } = needs
  const number = readPhone(asked.phone)
  if (!settings.codes.countries.includes(number.country)) throw problems.phone_country_not_allowed()
  metrics.codes.inc({ event: 'requested', country: number.country })

  const code = newCode()
  const challenge = await openChallenge(needs, number, asked, code)
  const text = codeMessage(code, asked.locale, settings.codes.webOtpHost)
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
  await settle(needs, challenge.challengeId, number.e164, delivery).catch((error: unknown) =>
    log.warn({ event: 'code_unrecorded', err: error, challenge: challenge.challengeId }, 'The delivery of a code could not be recorded.'),
  )
  if (failure) throw toProblem(failure, challenge)
  return challenge
}

/** All or nothing: the pause of this number, one of each limit, and the challenge. */
function openChallenge(
  { database, metrics, settings: { codes } }: AccountsNeeds,
  number: PhoneNumber,
  asked: { locale: Locale; address: string },
  code: string,
): Promise<Challenge> {
  const { e164: phone, country } = number
  const limited = (problem: Problem) => {
    metrics.codes.inc({ event: 'limited', country })
    return problem
  }
  return transaction(database, async (tx) => {
    const challengeId = randomUUID()
    const resendAt = await takePause(tx, { phone, challengeId, resendMs: codes.resendMs })
    if (!resendAt) throw limited(problems.code_too_soon({}, await pauseLeftSeconds(tx, phone)))
    // A number whose guesses are used up cannot use a code: it is not sent one.
    const reachedInSeconds =
      (await limitLeftSeconds(tx, limits.guesses(phone))) ??
      (await countAgainst(tx, limits.phone(phone, codes.perPhonePerDay))) ??
      (await countAgainst(tx, limits.address(toLimitedAddress(asked.address), codes.perAddressPerHour)))
    if (reachedInSeconds !== null) throw limited(problems.code_limit_reached({}, reachedInSeconds))
    // Not this client's doing: so many codes in an hour are an attack on our bill, and sending stops for all.
    const pausedForSeconds = await countAgainst(tx, limits.total(codes.totalPerHour))
    if (pausedForSeconds !== null) throw limited(problems.code_sending_paused({}, pausedForSeconds))
    const codeHmac = hashCode(codes.secrets[0]!, { purpose: 'sign-in', phone, challengeId }, code)
    const expiresAt = await insertChallenge(tx, {
      id: challengeId,
      phone,
      country,
      locale: asked.locale,
      codeHmac,
      lifeMinutes: codeLifeMinutes,
    })
    return { challengeId, expiresAt, resendAt }
  })
}

/** Records how the call ended. What was surely not sent does not make its number wait, nor count among its codes. */
async function settle({ database }: AccountsNeeds, challengeId: string, phone: string, delivery: Delivery): Promise<void> {
  if (delivery === 'sent' || delivery === 'unknown') return recordDelivery(database, challengeId, delivery)
  await transaction(database, async (tx) => {
    await endPause(tx, challengeId)
    await giveBackOne(tx, limits.phone(phone, 0))
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
