export function identityOf(pid: number): string | undefined
export function isAlive(identity: string): boolean
export function commandLineOf(pid: number): string | undefined
export function processesIn(folder: string): number[]
