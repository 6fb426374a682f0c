import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inSpan, type Span } from './span.ts'
import { adoptTrace, continueTrace, currentTrace, currentTraceParent, inTrace, newTrace, parseTraceParent, toTraceParent } from './trace.ts'

const known = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

test('a traceparent is taken to the letter, and anything else counts as none', () => {
  assert.equal(toTraceParent(parseTraceParent(known)!), known)
  assert.equal(parseTraceParent(known.replace(/01$/, '00'))?.sampled, false)
  assert.equal(parseTraceParent(`cc${known.slice(2)}-what-comes-later`)?.traceId, '4bf92f3577b34da6a3ce929d0e0e4736')
  for (const wrong of [
    undefined,
    '',
    ' ',
    `${known} `,
    known.toUpperCase(),
    `${known}-00`,
    `ff${known.slice(2)}`,
    known.slice(0, -1),
    `${known}0`,
    '00-00000000000000000000000000000000-00f067aa0ba902b7-01',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01',
    `${known},${known}`,
    '00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01',
    `${known}\n`,
  ])
    assert.equal(parseTraceParent(wrong), null, String(wrong))
})

test('work on a row goes on in the row’s trace, and both know of each other', () => {
  const request = newTrace()
  inTrace(request, () =>
    continueTrace(known, () => {
      assert.equal(currentTrace()?.traceId, '4bf92f3577b34da6a3ce929d0e0e4736')
      assert.deepEqual([...currentTrace()!.links.keys()], [request.traceId])
    }),
  )
  assert.deepEqual([...request.links.keys()], ['4bf92f3577b34da6a3ce929d0e0e4736'])
  inTrace(request, () => continueTrace('nonsense', () => assert.equal(currentTrace(), request)))
})

test('a trace the caller brought is kept, and linked to the row’s', () => {
  const brought = parseTraceParent(`00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`)!
  inTrace(brought, () => adoptTrace(known, () => assert.equal(currentTrace(), brought)))
  assert.deepEqual([...brought.links.keys()], ['4bf92f3577b34da6a3ce929d0e0e4736'])
  inTrace(newTrace(), () => adoptTrace(known, () => assert.equal(currentTrace()?.traceId, '4bf92f3577b34da6a3ce929d0e0e4736')))
})

test('spans of one trace hang together, tell how they ended, and are told to nobody when the trace is not sampled', async () => {
  const spans: Span[] = []
  const sink = (span: Span) => void spans.push(span)
  const work = (name: string) => ({ name, kind: 'internal' as const, attributes: {} })
  await inSpan(sink, work('outer'), async () => {
    await inSpan(sink, work('inner'), async () => assert.match(currentTraceParent() ?? '', /^00-/))
    await assert.rejects(inSpan(sink, work('broken'), () => Promise.reject(new Error('no'))))
  })
  const [inner, broken, outer] = spans
  assert.deepEqual([inner?.parentSpanId, broken?.parentSpanId, outer?.parentSpanId], [outer?.spanId, outer?.spanId, null])
  assert.deepEqual([inner?.failed, broken?.failed, outer?.failed], [false, true, false])
  assert.equal(new Set(spans.map(({ traceId }) => traceId)).size, 1)
  await inTrace({ ...newTrace(), sampled: false }, () => inSpan(sink, work('unseen'), async () => {}))
  assert.equal(spans.length, 3)
})
