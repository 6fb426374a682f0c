import type { Provider } from './faults.ts'

export type RecentCall = { provider: Provider; operation: string; traceparent: string | null }

export type RecentCalls = { add(call: RecentCall): void; list(): RecentCall[] }

const KEPT = 500

/** Which operations of which vendor were called lately, and in which trace: what a vendor's own log would show. */
export function openRecentCalls(): RecentCalls {
  const calls: RecentCall[] = []
  return {
    add: (call) => {
      calls.push(call)
      if (calls.length > KEPT) calls.shift()
    },
    list: () => [...calls],
  }
}
