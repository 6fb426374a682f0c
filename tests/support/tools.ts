import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const clone = fileURLToPath(new URL('../../', import.meta.url))

/** Runs a program of ours or of a package with this Node, in the clone, and returns all it printed. */
export function runTool(
  script: string,
  args: string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    let output = ''
    const child = spawn(process.execPath, [script, ...args], { cwd: clone, env, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output }))
  })
}
