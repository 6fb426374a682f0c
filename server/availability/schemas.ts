import { Type } from 'typebox'
import { Id, Instant, LocalDate, Query } from '#http'

export const Slug = Type.Object({ slug: Type.String({ minLength: 1, maxLength: 60 }) })
export const SlotsQuery = Query({
  serviceId: Id,
  from: LocalDate,
  to: LocalDate,
  resourceId: Type.Optional(Id),
  branchId: Type.Optional(Id),
})
export const Slots = Type.Object({
  zone: Type.String({ description: 'IANA zone of the branch: from, to and the times are shown in it.' }),
  slots: Type.Array(
    Type.Object({
      startsAt: Instant,
      endsAt: Instant,
      resourceIds: Type.Array(Id, { description: 'Those a customer may choose among who are free then; empty when there is no choice.' }),
    }),
  ),
})
