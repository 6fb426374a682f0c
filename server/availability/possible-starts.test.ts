import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { OfferedService } from '#catalog'
import { type Facts, possibleStarts, type Wish } from './possible-starts.ts'
import { dayAt, dayStart, toDate, toDay, toInstant, toMinute } from './zone-minutes.ts'

const minuteMs = 60_000

interface Case {
  zone: string
  offered: OfferedService
  facts: Facts
  wish: Wish
}

/** The starts and who is free at them, worked out the slow way: by Temporal, date by date and minute by minute. */
function oracle({ zone, offered: { service }, facts, wish }: Case): { at: number; free: string[][] }[] {
  const plain = (day: number) => Temporal.PlainDate.from('1970-01-01').add({ days: day })
  const momentOf = (day: number, minute: number) =>
    plain(day).toPlainDateTime('00:00').add({ minutes: minute }).toZonedDateTime(zone).epochMilliseconds
  const dates = Array.from({ length: wish.last - wish.first + 8 }, (_, at) => wish.first - 4 + at)
  const now = facts.now * minuteMs
  const today = Temporal.Instant.fromEpochMilliseconds(Math.floor(now)).toZonedDateTimeISO(zone).toPlainDate()
  const forHim = (id: string) => (each: { resourceId: string | null }) => each.resourceId === null || each.resourceId === id

  const openingsOf = (id: string) =>
    dates.flatMap((day) => {
      const weekday = plain(day).dayOfWeek
      const specials = facts.specialDays.filter((special) => special.day === day)
      let written: { startMinute: number | null; lengthMinutes: number | null }[] = specials.filter(({ resourceId }) => resourceId === id)
      if (written.length === 0) written = specials.filter(({ resourceId }) => resourceId === null)
      if (written.length === 0) {
        const hasOwn = facts.rules.some(({ kind, resourceId }) => kind === 'open' && resourceId === id)
        written = facts.rules.filter((rule) => rule.kind === 'open' && rule.weekday === weekday && rule.resourceId === (hasOwn ? id : null))
      }
      return written.flatMap(({ startMinute, lengthMinutes }) =>
        startMinute === null || lengthMinutes === null
          ? []
          : [{ from: momentOf(day, startMinute), to: momentOf(day, startMinute + lengthMinutes) }],
      )
    })
  const closedFor = (id: string) => [
    ...dates.flatMap((day) =>
      facts.rules
        .filter((rule) => rule.kind === 'break' && rule.weekday === plain(day).dayOfWeek && forHim(id)(rule))
        .map((rule) => ({ from: momentOf(day, rule.startMinute), to: momentOf(day, rule.startMinute + rule.lengthMinutes) })),
    ),
    ...facts.closures.filter(forHim(id)).map(({ from, to }) => ({ from: from * minuteMs, to: to * minuteMs })),
  ]
  const isIn = (moment: number) => (span: { from: number; to: number }) => span.from <= moment && moment < span.to
  const isFree = (id: string) => {
    const openings = openingsOf(id)
    const closed = closedFor(id)
    return (start: number) => {
      for (let minute = 0; minute < service.durationMinutes; minute += 1) {
        const moment = start + minute * minuteMs
        if (!openings.some(isIn(moment)) || closed.some(isIn(moment))) return false
      }
      const from = start - service.bufferBeforeMinutes * minuteMs
      const to = start + (service.durationMinutes + service.bufferAfterMinutes) * minuteMs
      return !(facts.claims.get(id) ?? []).some((claim) => claim.from * minuteMs < to && from < claim.to * minuteMs)
    }
  }
  const isAsked = (start: number) => {
    const date = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(zone).toPlainDate()
    const inRange = Temporal.PlainDate.compare(date, plain(wish.first)) >= 0 && Temporal.PlainDate.compare(date, plain(wish.last)) <= 0
    return (
      inRange &&
      start >= now + service.noticeMinutes * minuteMs &&
      Temporal.PlainDate.compare(date, today.add({ days: service.horizonDays })) <= 0
    )
  }

  const lists = service.requirements.map(({ choosable, resources }) =>
    resources.map(({ id }) => id).filter((id) => !choosable || wish.resourceId === undefined || id === wish.resourceId),
  )
  const [leading = [], other] = lists
  const known = new Map<string, (start: number) => boolean>()
  const freeAt = (id: string, start: number) => {
    const check = known.get(id) ?? isFree(id)
    known.set(id, check)
    return check(start)
  }
  const found = new Map<number, string[][]>()
  for (const id of leading) {
    for (const { from, to } of openingsOf(id)) {
      for (let start = from; start < to; start += service.stepMinutes * minuteMs) {
        if (!isAsked(start) || !freeAt(id, start)) continue
        const [free] = found.get(start) ?? [[]]
        found.set(start, [[...new Set([...free!, id])]])
      }
    }
  }
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([start, free]) => ({ at: start / minuteMs, free: other ? [...free, other.filter((id) => freeAt(id, start))] : free }))
    .filter(({ free: [first = [], second] }) => !second || first.some((id) => second.some((each) => each !== id)))
}

const places = [
  ['Asia/Riyadh', '2026-01-07'],
  ['Africa/Cairo', '2026-04-23'],
  ['Africa/Cairo', '2026-10-29'],
  ['Asia/Beirut', '2026-03-28'],
  ['Asia/Beirut', '2026-10-24'],
  ['Europe/London', '2026-03-28'],
  ['Europe/London', '2026-10-25'],
  ['Asia/Kathmandu', '2026-05-01'],
] as const

const who = fc.constantFrom<string | null>(null, null, 'a', 'b')
const cases: fc.Arbitrary<Case> = fc.constantFrom(...places).chain(([zone, date]) => {
  const first = toDay(Temporal.PlainDate.from(date))
  const midnight = toMinute(Temporal.PlainDate.from(date).toZonedDateTime(zone).toInstant())
  const clock = fc.integer({ min: 0, max: 287 }).map((fives) => fives * 5)
  const span = fc
    .tuple(fc.integer({ min: -1500, max: 5000 }), fc.integer({ min: 5, max: 300 }))
    .map(([from, length]) => ({ from: midnight + from, to: midnight + from + length }))
  const rule = fc.record({
    resourceId: who,
    kind: fc.constantFrom('open' as const, 'open' as const, 'break' as const),
    weekday: fc.integer({ min: 0, max: 4 }).map((offset) => toDate(first - 1 + offset).dayOfWeek),
    startMinute: clock,
    lengthMinutes: fc.oneof(fc.integer({ min: 5, max: 180 }), fc.integer({ min: 300, max: 1440 })),
  })
  const special = fc.record({
    resourceId: who,
    day: fc.integer({ min: first - 1, max: first + 3 }),
    hours: fc.option(fc.record({ startMinute: clock, lengthMinutes: fc.integer({ min: 30, max: 900 }) })),
  })
  const roundTheClock = rule.map((each) => ({ ...each, kind: 'open' as const, startMinute: 0, lengthMinutes: 1440 }))
  const subset = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 })
  return fc
    .record({
      rules: fc.array(fc.oneof({ weight: 4, arbitrary: rule }, { weight: 1, arbitrary: roundTheClock }), { minLength: 1, maxLength: 8 }),
      specialDays: fc.array(special, { maxLength: 2 }),
      closures: fc.array(fc.tuple(who, span), { maxLength: 2 }),
      claims: fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), span), { maxLength: 8 }),
      now: fc.double({ min: -3000, max: 2000, noNaN: true }),
      days: fc.integer({ min: 0, max: 2 }),
      requirements: fc.array(subset, { minLength: 1, maxLength: 2 }),
      resourceId: fc.option(fc.constantFrom('a', 'c'), { nil: undefined, freq: 4 }),
      service: fc.record({
        durationMinutes: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 5, max: 120 }) }, { weight: 1, arbitrary: fc.constant(1440) }),
        bufferBeforeMinutes: fc.integer({ min: 0, max: 30 }),
        bufferAfterMinutes: fc.integer({ min: 0, max: 30 }),
        stepMinutes: fc.integer({ min: 5, max: 60 }),
        noticeMinutes: fc.integer({ min: 0, max: 600 }),
        approvalHours: fc.constant(null),
        horizonDays: fc.integer({ min: 1, max: 5 }),
      }),
    })
    .map(({ rules, specialDays, closures, claims, now, days, requirements, resourceId, service }): Case => {
      const at = midnight + now
      const byResource = new Map<string, { from: number; to: number }[]>()
      for (const [id, claim] of claims) byResource.set(id, [...(byResource.get(id) ?? []), claim])
      return {
        zone,
        offered: {
          business: { id: 'x', slug: 'x', name, currency: 'SAR', cancellation: [], reschedule: { free: null, hoursBefore: 0 } },
          branch: { id: 'x', name, zone, address: name },
          service: {
            id: 'x',
            name,
            price: nothing,
            payment,
            ...service,
            requirements: requirements.map((ids, position) => ({
              id: String(position),
              position,
              choosable: position === 0,
              resources: ids.map((id) => ({ id, kind: 'staff', name })),
            })),
          },
        },
        facts: {
          now: at,
          today: dayAt(zone, Math.floor(at)),
          rules,
          specialDays: specialDays.map(({ resourceId: whose, day, hours }) => ({
            resourceId: whose,
            day,
            startMinute: hours?.startMinute ?? null,
            lengthMinutes: hours?.lengthMinutes ?? null,
          })),
          closures: closures.map(([whose, closed]) => ({ resourceId: whose, ...closed })),
          claims: byResource,
        },
        wish: { first, last: first + days, ...(resourceId !== undefined && requirements[0]!.includes(resourceId) && { resourceId }) },
      }
    })
})

test('starts are those found date by date and minute by minute, in zones whose clocks are moved too', () => {
  let withStarts = 0
  fc.assert(
    fc.property(cases, (each) => {
      const found = possibleStarts(each.offered, each.facts, each.wish).map(({ at, free }) => ({ at, free }))
      if (found.length > 0) withStarts += 1
      assert.deepEqual(found, oracle(each))
    }),
    { numRuns: 400 },
  )
  assert.ok(withStarts > 100, `only ${withStarts} cases had any start: the test would prove little`)
})

const name = { ar: '', en: '' }
const nothing = { amountMinor: 0, currency: 'SAR' } as const
const payment: OfferedService['service']['payment'] = { kind: 'free', dueNow: nothing, dueAtPlace: nothing }
function shopInRiyadh(
  lengthMinutes: number,
  service: Partial<OfferedService['service']>,
): { offered: OfferedService; facts: Facts; first: number } {
  const first = toDay(Temporal.PlainDate.from('2026-01-07'))
  const rules = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
    resourceId: null,
    kind: 'open' as const,
    weekday,
    startMinute: 0,
    lengthMinutes,
  }))
  const requirements = [{ id: 'q', position: 0, choosable: true, resources: [{ id: 'a', kind: 'staff', name }] }]
  const usual = {
    durationMinutes: 60,
    bufferBeforeMinutes: 0,
    bufferAfterMinutes: 0,
    stepMinutes: 60,
    noticeMinutes: 30,
    horizonDays: 30,
    approvalHours: null,
  }
  return {
    first,
    facts: { now: dayStart('Asia/Riyadh', first - 1), today: first - 1, rules, specialDays: [], closures: [], claims: new Map() },
    offered: {
      business: { id: 'b', slug: 'b', name, currency: 'SAR', cancellation: [], reschedule: { free: null, hoursBefore: 0 } },
      branch: { id: 'r', name, zone: 'Asia/Riyadh', address: name },
      service: { id: 's', name, price: nothing, payment, requirements, ...usual, ...service },
    },
  }
}

test('where one day’s opening ends as the next begins, a service may run from one into the other', () => {
  const { offered, facts, first } = shopInRiyadh(1440, { durationMinutes: 1440 })
  assert.equal(possibleStarts(offered, facts, { first, last: first }).length, 24)
})

test('notice counts to the second', () => {
  const { offered, facts, first } = shopInRiyadh(240, {})
  const opening = dayStart('Asia/Riyadh', first)
  const startsWhenNowIs = (now: number) =>
    possibleStarts(offered, { ...facts, now, today: first }, { first, last: first }).map(({ at }) => (at - opening) / 60)
  assert.deepEqual(startsWhenNowIs(opening + 30), [1, 2, 3])
  assert.deepEqual(startsWhenNowIs(opening + 30 + 1 / 60), [2, 3])
})

test('no offered time with its buffers meets a claim of the resource it is offered with', () => {
  fc.assert(
    fc.property(cases, ({ offered, facts, wish }) => {
      const { durationMinutes, bufferBeforeMinutes, bufferAfterMinutes } = offered.service
      for (const { at, free } of possibleStarts(offered, facts, wish)) {
        for (const claim of free.flat().flatMap((id) => facts.claims.get(id) ?? [])) {
          assert.ok(
            claim.to <= at - bufferBeforeMinutes || at + durationMinutes + bufferAfterMinutes <= claim.from,
            `${toInstant(at).toString()} meets a claim`,
          )
        }
      }
    }),
  )
})
