import { Ajv, type ErrorObject } from 'ajv'
import addFormats from 'ajv-formats'
import type { FastifyInstance, FastifySchemaValidationError } from 'fastify'
import type { Text } from '#foundation'
import { problems } from './errors.ts'

const options = { removeAdditional: false, useDefaults: true, allErrors: true, strict: false } as const

/** Bodies are taken as they are; what comes in an address is text and is read as the type it should be. Unknown fields are refused. */
export function validateStrictly(app: FastifyInstance): void {
  const exact = addFormats.default(new Ajv({ ...options, coerceTypes: false }))
  const lenient = addFormats.default(new Ajv({ ...options, coerceTypes: true }))
  for (const ajv of [exact, lenient]) ajv.addKeyword('example')
  app.setValidatorCompiler<Record<string, unknown>>(({ schema, httpPart }) => {
    const ajv = httpPart === 'body' ? exact : lenient
    for (const shared of Object.values(app.getSchemas()) as { $id: string }[]) if (!ajv.getSchema(shared.$id)) ajv.addSchema(shared)
    return ajv.compile(schema)
  })
  app.addHook('preValidation', async (request) => {
    for (const part of [request.params, request.query, request.body]) if (!isStorableText(part)) throw problems.invalid_request({ errors: [{ pointer: '', code: 'text', title: sentences['text']?.[request.locale] }] })
  })
}

/** PostgreSQL keeps neither NUL nor half of a surrogate pair: such text is refused at the door, at any depth. */
function isStorableText(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0')
  if (value === null || typeof value !== 'object') return true
  return Object.entries(value).every(([key, entry]) => isStorableText(key) && isStorableText(entry))
}

const sentences: Record<string, Text> = {
  required: { ar: 'هذا الحقل مطلوب.', en: 'This field is required.' },
  additionalProperties: { ar: 'هذا الحقل غير معروف.', en: 'This field is not known.' },
  type: { ar: 'نوع القيمة غير صحيح.', en: 'The value has the wrong type.' },
  format: { ar: 'صيغة القيمة غير صحيحة.', en: 'The value has the wrong form.' },
  pattern: { ar: 'صيغة القيمة غير صحيحة.', en: 'The value has the wrong form.' },
  minLength: { ar: 'القيمة أقصر من اللازم.', en: 'The value is too short.' },
  maxLength: { ar: 'القيمة أطول من المسموح.', en: 'The value is too long.' },
  minimum: { ar: 'القيمة أصغر من المسموح.', en: 'The value is too small.' },
  maximum: { ar: 'القيمة أكبر من المسموح.', en: 'The value is too large.' },
  enum: { ar: 'القيمة ليست من القيم المقبولة.', en: 'The value is not one of those accepted.' },
  text: { ar: 'في النص محارف لا يمكن حفظها.', en: 'The text has characters that cannot be kept.' },
  other: { ar: 'القيمة غير مقبولة.', en: 'The value is not accepted.' },
}

/** What was wrong with a request, a JSON pointer each; the first ten, so that a hostile body does not make a long answer. */
export function describeValidation(found: readonly FastifySchemaValidationError[], part: string, locale: keyof Text): { pointer: string; code: string; title: string }[] {
  return (found as ErrorObject[]).slice(0, 10).map(({ keyword, instancePath, params }) => {
    const missing = keyword === 'required' ? params['missingProperty'] : keyword === 'additionalProperties' ? params['additionalProperty'] : undefined
    const path = missing === undefined ? instancePath : `${instancePath}/${String(missing).slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')}`
    return { pointer: part === 'body' ? path : `#${part}${path}`, code: keyword, title: (sentences[keyword] ?? sentences['other']!)[locale] }
  })
}
