import type { Answer, Call } from '../answers.ts'
import type { Mode } from './objects.ts'
import { edgeBlock, inactiveAccount, unauthorized, wrongKeyKind } from './refusals.ts'
import type { MoyasarSwitches } from './switches.ts'

/** The caller's mode (its key decides) or the refusal. Any well-formed key is an account's key here. */
export function authenticate(
  call: Call,
  switches: MoyasarSwitches,
  publishable: 'allowed' | 'not allowed' = 'not allowed',
): { mode: Mode } | { refused: Answer } {
  if (switches.values.edgeWantsUserAgent && /^(python-urllib\/.*)?$/i.test(call.headers['user-agent'] ?? ''))
    return { refused: edgeBlock() }
  const fromBody = call.fields['publishable_api_key']
  // Only a publishable key may travel in the body.
  const key = basicUser(call.headers.authorization) ?? (typeof fromBody === 'string' && fromBody.startsWith('pk_') ? fromBody : '')
  const [, kind, mode] = /^(sk|pk)_(test|live)_[A-Za-z0-9]{40}$/.exec(key) ?? []
  if (kind === undefined) return { refused: unauthorized() }
  if (kind === 'pk' && publishable === 'not allowed') return { refused: wrongKeyKind() }
  if (mode === 'live' && !switches.values.liveAccountActive) return { refused: inactiveAccount() }
  return { mode: mode === 'live' ? 'live' : 'test' }
}

/** The user name of Basic credentials whose password is empty; anything else is no credentials. */
function basicUser(header: string | undefined): string | undefined {
  const [, encoded] = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(header ?? '') ?? []
  if (encoded === undefined) return undefined
  const [, user] = /^([^:]+):$/.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? []
  return user
}
