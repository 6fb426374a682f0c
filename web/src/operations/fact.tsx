/** One named value of a row; nothing when there is none. */
export function Fact({ name, value, wide = false }: { name: string; value: string | null; wide?: boolean }) {
  if (!value) return null
  return (
    <div class={wide ? 'wide' : undefined}>
      <dt>{name}</dt>
      <dd>
        <bdi>{value}</bdi>
      </dd>
    </div>
  )
}
