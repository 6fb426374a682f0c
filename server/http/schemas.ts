import { Type, type Static, type TSchema } from 'typebox'
import { noCardNumber } from './validation.ts'

/** The shapes every module's answers are made of. Those with an `$id` are components of the OpenAPI document. */
export const TextPair = Type.Object(
  { ar: Type.String(), en: Type.String() },
  { $id: 'Text', description: 'The same words in Arabic and English.' },
)
export const Money = Type.Object(
  { amountMinor: Type.Integer(), currency: Type.String({ minLength: 3, maxLength: 3 }) },
  { $id: 'Money', description: 'An amount in the currency’s smallest unit: halalas for SAR.' },
)
export const ProblemBody = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String(),
    detail: Type.Optional(Type.String()),
    instance: Type.Optional(Type.String()),
    errors: Type.Optional(Type.Array(Type.Object({ pointer: Type.String(), code: Type.String(), title: Type.Optional(Type.String()) }))),
  },
  {
    $id: 'Problem',
    additionalProperties: true,
    description: 'RFC 9457, with a stable code; the title is in the language of Accept-Language.',
  },
)

export const sharedSchemas: readonly TSchema[] = [TextPair, Money, ProblemBody]

/** Refers to a shared schema where it is used; the type is the shared schema's own. */
export function ref<T extends TSchema>(schema: T): T {
  return Type.Unsafe<Static<T>>({ $ref: `${(schema as { $id?: string }).$id}#` }) as unknown as T
}

export const Id = Type.String({ format: 'uuid' })
export const Instant = Type.String({ format: 'date-time', description: 'ISO 8601 with an offset; answers are in UTC.' })
export const LocalDate = Type.String({ format: 'date', description: 'A date at the business, YYYY-MM-DD.' })
export const Cursor = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '^[A-Za-z0-9_-]+$',
  description: 'nextCursor of the page before.',
})
export const Limit = Type.Integer({ minimum: 1, maximum: 100, default: 20 })

/** Words a person writes as they like; not blank, and never a card's number. */
export const FreeText = (maxLength: number, description?: string) =>
  Type.String({ minLength: 1, maxLength, pattern: '\\S', [noCardNumber]: true, ...(description !== undefined && { description }) })

/** An object that takes these fields and no others. */
export const Body = <T extends Record<string, TSchema>>(fields: T) => Type.Object(fields, { additionalProperties: false })
export const Query = Body
export const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** A page of a list, newest or nearest first. */
export const Page = <T extends TSchema>(item: T) => Type.Object({ items: Type.Array(item), nextCursor: orNull(Type.String()) })
