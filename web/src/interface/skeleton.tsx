import { useSpeech } from '../language/index.tsx'

/** The outline of what is coming, in its final size, so that nothing jumps when it arrives. */
export function Skeleton({ rows, tall }: { rows: number; tall?: boolean }) {
  const { words } = useSpeech()
  return (
    <output class="skeleton">
      <span class="hidden">{words.loading}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} class={tall ? 'bone tall' : 'bone'} aria-hidden="true" />
      ))}
    </output>
  )
}
