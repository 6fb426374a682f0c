import { Type } from 'typebox'
import { Body, FreeText, Id, orNull } from '#http'
import { locales } from '#foundation'

const Locale = Type.Enum([...locales])

export const CodeRequest = Body({
  phone: Type.String({
    minLength: 1,
    maxLength: 40,
    description: 'A mobile number in any usual spelling and any digits: 0551234567, +966 55 123 4567, ٠٥٥١٢٣٤٥٦٧.',
  }),
  locale: Type.Optional(Locale),
  proof: Type.Optional(
    Type.Object(
      {
        challenge: Type.String({ minLength: 1, maxLength: 200 }),
        solution: Type.String({
          pattern: '^[0-9a-z]{1,32}$',
          description: 'SHA-256 of `challenge:solution` begins with `difficulty` zero bits.',
        }),
      },
      { additionalProperties: false, description: 'The riddle of code_proof_required, solved. Good for one code.' },
    ),
  ),
})

export const ChallengeAnswer = Type.Object({ challengeId: Id, expiresAt: Type.String(), resendAt: Type.String() })

export const SignInRequest = Body({
  challengeId: Id,
  code: Type.String({ minLength: 1, maxLength: 32, description: 'Six digits, Latin, Arabic-Indic or Persian.' }),
  name: Type.Optional(FreeText(120, 'Kept when the account has no name yet.')),
})

const Token = { accessToken: Type.String({ description: 'For Authorization: Bearer.' }), expiresAt: Type.String() }
const Profile = { id: Id, name: orNull(Type.String()), locale: Locale, phone: Type.String() }

export const SessionAnswer = Type.Object({ ...Token, account: Type.Object(Profile) })
export const RefreshAnswer = Type.Object(Token)
export const SignedOut = Type.Null()
const ContactEmail = Type.String({
  maxLength: 254,
  pattern: '^[^@\\s<>,;"]+@[^@\\s<>,;"]+\\.[^@\\s<>,;"]+$',
  description: 'Where booking messages may go beside the phone.',
})
export const ContactWish = Body({
  email: orNull(ContactEmail),
  marketing: Type.Boolean({ description: 'Whether promotional messages are welcome.' }),
})
const Contact = Type.Object({ email: orNull(Type.String()), marketing: Type.Boolean() })
export const ContactAnswer = Contact
export const Me = Type.Object({
  ...Profile,
  contact: Contact,
  roles: Type.Array(Type.Object({ role: Type.Enum(['platform_admin', 'owner', 'staff']), businessId: orNull(Id) })),
})
