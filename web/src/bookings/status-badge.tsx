import type { BookingStatus } from '@thabit/sdk'
import { useSpeech } from '../language/index.tsx'

export function StatusBadge({ status, awaits }: { status: BookingStatus; awaits?: 'payment' | 'approval' | null }) {
  const { words } = useSpeech()
  return <span class={`badge ${status}`}>{awaits === 'approval' ? words.waitingStatus : words.status[status]}</span>
}
