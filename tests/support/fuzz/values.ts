/** Values a schema takes, and values it should not. */
import * as fc from 'fast-check'
import type { Schema } from './contract.ts'

type Arbitrary = fc.Arbitrary<unknown>

/** Any UTF-16 unit, halves of surrogate pairs included. */
const anyUnit = fc.nat(0xffff).map((unit) => String.fromCharCode(unit))

const text = fc.oneof(
  { weight: 3, arbitrary: fc.string() },
  { weight: 2, arbitrary: fc.constantFrom('نورة العتيبي', 'Noura', 'قص وتصفيف 💇🏽‍♀️', 'O’Brien & <Söhne>', 'a') },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme' }) },
)

/** A value the schema takes. */
export function valueOf(schema: Schema): Arbitrary {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(valueOf))
  const [type = 'anything'] = [schema.type ?? []].flat()
  switch (type) {
    case 'string':
      return textOf(schema)
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -1_000, max: schema.maximum ?? 1_000_000 })
    case 'number':
      return fc.double({ min: schema.minimum ?? -1e6, max: schema.maximum ?? 1e6, noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return fc.array(valueOf(schema.items ?? {}), { maxLength: 3 })
    case 'object':
      return objectOf(schema)
    default:
      return fc.jsonValue()
  }
}

function objectOf({ properties = {}, required = [], additionalProperties }: Schema): Arbitrary {
  const shape = Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, valueOf(property)]))
  const named = fc.record(shape, { requiredKeys: required.filter((name) => name in shape), noNullPrototype: true })
  if (additionalProperties === false || Object.keys(shape).length > 0) return named
  return fc.dictionary(fc.string({ maxLength: 10 }), fc.jsonValue(), { maxKeys: 4, noNullPrototype: true })
}

function textOf({ format, pattern, minLength = 0, maxLength = 80 }: Schema): Arbitrary {
  if (format === 'uuid') return fc.uuid()
  if (format === 'date') return day.map((date) => date.toISOString().slice(0, 10))
  if (format === 'date-time')
    return fc.tuple(day, fc.constantFrom('Z', '+03:00', '-09:30')).map(([date, offset]) => date.toISOString().replace('Z', offset))
  const cut = (value: string) => Array.from(value).slice(0, maxLength).join('')
  const free = pattern === undefined ? text : fc.stringMatching(new RegExp(pattern, 'u'), { size: 'small' })
  return free
    .map(cut)
    .filter((value) => Array.from(value).length >= minLength && (pattern === undefined || new RegExp(pattern, 'u').test(value)))
}

const day = fc.date({ min: new Date('2020-01-01'), max: new Date('2035-12-31'), noInvalidDate: true })

const words = [
  '',
  ' ',
  '\t\n',
  '\0',
  'a\0b',
  '\ud800',
  '\udfff\ud800',
  '\ufffe',
  '\u202e\u202dمرحبا',
  '\u2066\u2069\u200f',
  'ﷺ'.repeat(30),
  '👩🏽‍⚕️',
  'Ａ',
  'İ',
  'ß',
  '\u0301'.repeat(50),
  'null',
  'undefined',
  'NaN',
  'Infinity',
  '-1',
  '0',
  '1e309',
  '٣',
  '12',
  'true',
  '[]',
  '{}',
  '__proto__',
  'constructor',
  'toString',
  `' or '1'='1`,
  `'; drop table booking; --`,
  `\\'; select pg_sleep(9)--`,
  '${7*7}',
  '{{7*7}}',
  '<script>alert(1)</script>',
  '../../../etc/passwd',
  '%00',
  '%s%n',
  '$where',
  '\r\nset-cookie: a=b',
  'a'.repeat(61),
  'a'.repeat(256),
  'ع'.repeat(1_000),
  'x'.repeat(20_000),
]
const days = [
  '2026-02-30',
  '2026-13-45',
  '2026-00-00',
  '0000-01-01',
  '0001-01-01',
  '9999-12-31',
  '+275760-09-13',
  '-000001-01-01',
  '2026-2-3',
  '20260301',
  '2026-W09-1',
  '1/3/2026',
  '٢٠٢٦-٠٣-٠١',
  '2026-03-01T00:00:00Z',
  'today',
  'infinity',
  'epoch',
  '2026-03-01 ',
]
const instants = [
  '2026-02-30T10:00:00Z',
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '+275760-09-13T00:00:00Z',
  '-271821-04-20T00:00:00Z',
  '2026-03-01T10:00:00',
  '2026-03-01T10:00:00+99:99',
  '2026-03-01T10:00:00+24:00',
  '2026-03-01T10:00:00.1234567890123Z',
  '2026-03-01T10:00:00.123456789Z',
  '2026-03-01T24:00:00Z',
  '2026-03-01T23:59:60Z',
  '2026-03-01T10:00:00+03:00[Asia/Riyadh]',
  '20260301T100000Z',
  '2026-03-01t10:00:00z',
  '2026-03-01 10:00:00Z',
  '2026-03-01T10:00:00+0300',
  '2026-03-01T10:00Z',
  'now',
  '1772359200',
  '2026-03-01',
]
const ids = [
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  'urn:uuid:0199a0b0-0000-7000-8000-000000000001',
  '{0199a0b0-0000-7000-8000-000000000001}',
  '0199A0B0-0000-7000-8000-00000000000F',
  '0199a0b0000070008000000000000001',
  '0199a0b0-0000-7000-8000-00000000000g',
  '0199a0b0-0000-7000-8000-000000000001\n',
  '1',
  '-1',
  '0199a0b0-0000-7000-8000-000000000001,0199a0b0-0000-7000-8000-000000000002',
]
const cursors = ['AAAA', '____', '====', 'A'.repeat(200), 'A'.repeat(201)].concat(
  [
    '2026-01-01T00:00:00Z',
    ' ',
    'now 0199a0b0-0000-7000-8000-000000000001',
    '\0\ud800',
    '2026-01-01T00:00:00.000Z not-an-id',
    '2026-01-01T00:00:00.000Z 0199a0b0-0000-7000-8000-000000000001',
    '2026-01-01T00:00:00.000Z 0199a0b0-0000-7000-8000-000000000001 or 1=1',
    '9999-12-31T23:59:59Z 0199a0b0-0000-7000-8000-000000000001',
    '-271821-04-20T00:00:00Z 0199a0b0-0000-7000-8000-000000000001',
    '0000-01-01T00:00:00.000Z 0199a0b0-0000-7000-8000-000000000001',
    '2026-02-30T00:00:00.000Z 0199a0b0-0000-7000-8000-000000000001',
    '{"id":1}',
  ].map((inside) => Buffer.from(inside).toString('base64url')),
)
const numbers = [0, -0, -1, 1, 0.5, 1e21, -1e308, 2 ** 31, 2 ** 53, 2 ** 63, Number.MIN_VALUE]
const phones = [
  '0551234567',
  '٠٥٥١٢٣٤٥٦٧',
  '۰۵۵۱۲۳۴۵۶۷',
  '+15551234567',
  '+449111111111',
  '0112345678',
  '920012345',
  '911',
  '+9665512345678901234567890',
  '0551234567;ext=1',
  'tel:0551234567',
  '+966',
  '00',
  '+',
  '\u200f+966551234567',
  '5'.repeat(40),
  '055 123 4567\0',
]
const whole = [words, days, instants, ids, cursors, phones].flat()

/** Text nobody should send. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(fc.constantFrom(...whole), fc.string({ unit: anyUnit, maxLength: 40 }))

/** Text nobody should send in this place: of its own kind more often than not. */
export function hostileTextFor(name: string, schema: Schema): fc.Arbitrary<string> {
  const formats = [schema, ...(schema.anyOf ?? [])].flatMap(({ format }) => format ?? [])
  const kinds = [
    ...(formats.includes('date-time') ? instants : []),
    ...(formats.includes('date') ? days : []),
    ...(formats.includes('uuid') ? ids : []),
    ...(name === 'cursor' ? cursors : []),
    ...(name === 'phone' ? phones : []),
  ]
  return fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...(kinds.length > 0 ? kinds : words)) }, { weight: 1, arbitrary: hostileText })
}

const otherTypes: Arbitrary = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...numbers) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], { $ne: null }, { toString: 1 }, { __proto__: null }, [
      'a',
      'b',
    ]),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
)

/** Any JSON value nobody should send. */
export const hostileValue: Arbitrary = fc.oneof(hostileText, otherTypes)

/** A JSON value nobody should send in this place. */
export function hostileValueFor(name: string, schema: Schema): Arbitrary {
  return fc.oneof({ weight: 2, arbitrary: hostileTextFor(name, schema) }, { weight: 1, arbitrary: otherTypes })
}

/** Values at the edges of what a schema takes and one step past them. */
export function edgesOf(schema: Schema): unknown[] {
  const alternatives = (schema.anyOf ?? []).flatMap(edgesOf)
  const ends = [schema.minimum, schema.maximum].flatMap((end) => end ?? [])
  const lengths = [schema.minLength, schema.maxLength].flatMap((length) => length ?? [])
  return [
    ...alternatives,
    ...ends.flatMap((end) => [end, end - 1, end + 1, end + 0.5, String(end), BigInt(end).toString(16)]),
    ...lengths
      .flatMap((length) => [length - 1, length, length + 1])
      .filter((length) => length >= 0)
      .flatMap((length) => ['a'.repeat(length), 'ع'.repeat(length), '😀'.repeat(length)]),
    ...(schema.enum ?? []).flatMap((choice) => (typeof choice === 'string' ? [choice.toUpperCase(), `${choice} `, [choice]] : [])),
  ]
}
