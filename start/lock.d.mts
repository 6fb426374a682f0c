export function tryLock(path: string): { release: () => void; heldBy?: never } | { heldBy: number; release?: never }
export function withLock<T>(path: string, waitMs: number, action: () => Promise<T> | T): Promise<T>
