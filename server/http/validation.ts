import { Ajv, type ErrorObject } from 'ajv'
import type { FastifyInstance, FastifyRequest, FastifySchemaValidationError } from 'fastify'
import { holdsCardNumber, type Text } from '#foundation'
import { problems } from './errors.ts'
import { addStrictFormats } from './formats.ts'
import { pointerStep } from './json-pointer.ts'
import { findUnstorable } from './storable-text.ts'

const options = { removeAdditional: false, useDefaults: true, allErrors: true, strict: false } as const

/** In a schema: a text in which a card's number is refused. Nobody here ever needs one, and none may be kept. */
export const noCardNumber = 'x-no-card-number'

/** Bodies are taken as they are; what comes in an address is text and is read as the type it should be. Unknown fields are refused. */
export function validateStrictly(app: FastifyInstance): void {
  const exact = addStrictFormats(new Ajv({ ...options, coerceTypes: false }))
  const lenient = addStrictFormats(new Ajv({ ...options, coerceTypes: true }))
  for (const ajv of [exact, lenient]) {
    ajv.addKeyword('example')
    ajv.addKeyword({
      keyword: noCardNumber,
      type: 'string',
      schemaType: 'boolean',
      validate: (wanted: boolean, text: string) => !wanted || !holdsCardNumber(text),
    })
  }
  const checkIn = (context: FastifyInstance) => {
    context.setValidatorCompiler<Record<string, unknown>>(({ schema, httpPart }) => {
      // The only header a route describes is the client's key, and its absence has a problem of its own.
      if (httpPart === 'headers') return () => true
      const ajv = httpPart === 'body' ? exact : lenient
      for (const shared of Object.values(context.getSchemas()) as { $id: string }[]) if (!ajv.getSchema(shared.$id)) ajv.addSchema(shared)
      return ajv.compile(schema)
    })
  }
  checkIn(app)
  // A module that adds a schema of its own would otherwise be given Fastify's checker, which drops unknown fields in silence.
  app.addHook('onRegister', checkIn)
  app.addHook('preValidation', async (request) => {
    refuseUndescribed(request)
    for (const [part, value] of [
      ['params', request.params],
      ['querystring', request.query],
      ['body', request.body],
    ] as const) {
      const found = findUnstorable(value)
      if (found) throw problems.invalid_request({ errors: [describe(part, found.path, found.fault, request.locale)] })
    }
  })
}

/** A route that describes no query or no body takes none. */
function refuseUndescribed(request: FastifyRequest): void {
  const { config, schema } = request.routeOptions
  if (config.access === undefined) return
  for (const [part, value] of [
    ['querystring', request.query],
    ['body', request.body],
  ] as const) {
    if (schema?.[part] !== undefined || value === undefined || value === null) continue
    const names = typeof value === 'object' && !Array.isArray(value) ? Object.keys(value) : ['']
    if (names.length > 0)
      throw problems.invalid_request({
        errors: names
          .slice(0, maxErrors)
          .map((name) => describe(part, name === '' ? '' : pointerStep(name), 'additionalProperties', request.locale)),
      })
  }
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
  [noCardNumber]: {
    ar: 'لا تكتب رقم بطاقة هنا. البطاقة تُكتب في صفحة بوابة الدفع وحدها.',
    en: 'Never write a card number here. It belongs on the payment gateway’s own page alone.',
  },
  depth: { ar: 'القيمة متداخلة أكثر من المسموح.', en: 'The value is nested too deeply.' },
  text: { ar: 'في النص محارف لا يمكن حفظها.', en: 'The text has characters that cannot be kept.' },
  other: { ar: 'القيمة غير مقبولة.', en: 'The value is not accepted.' },
}

/** So that a hostile body does not make a long answer. */
const maxErrors = 10

/** What was wrong with a request, a JSON pointer each; the first ten. */
export function describeValidation(found: readonly FastifySchemaValidationError[], part: string, locale: keyof Text): FieldError[] {
  return (found as ErrorObject[]).slice(0, maxErrors).map(({ keyword, instancePath, params }) => {
    const name =
      keyword === 'required' ? params['missingProperty'] : keyword === 'additionalProperties' ? params['additionalProperty'] : undefined
    return describe(part, name === undefined ? instancePath : instancePath + pointerStep(String(name)), keyword, locale)
  })
}

interface FieldError {
  pointer: string
  code: string
  title: string
}

/** A pointer into the body is a plain JSON pointer; into another part of the request it begins with that part’s name. */
function describe(part: string, path: string, code: string, locale: keyof Text): FieldError {
  const title = (sentences[code] ?? sentences['other']!)[locale]
  const pointer = part === 'body' ? path : `#${part === 'querystring' ? 'query' : part}${path}`
  return { pointer, code: code === noCardNumber ? 'card_number' : code, title }
}
