import type { BookingStatus } from '@thabit/sdk'
import { useSpeech } from '../language/index.tsx'

export function StatusBadge({ status }: { status: BookingStatus }) {
  const { words } = useSpeech()
  return <span class={`badge ${status}`}>{words.status[status]}</span>
}
