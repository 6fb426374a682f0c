import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../../start/ports.ts'
import { postgresBinaries, postgresRunner } from '../../start/postgres-binaries.ts'
import { giveTo, passwordOf, POSTGRES_USER, preparePostgresData } from '../../start/postgres-data.ts'
import { asAdmin } from './postgres.ts'

/** A PostgreSQL like any other, as an operator would run one: nothing tells it from a server of one's own. */
export async function plainPostgres(t: { after: (run: () => Promise<void>) => void }, home: string): Promise<string> {
  const runner = postgresRunner()
  const root = join(home, 'plain')
  mkdirSync(root)
  giveTo(runner, root)
  const binaries = postgresBinaries({ home, runner, say: () => {} })
  const data = await preparePostgresData({ root, binaries, runner, durable: false })
  const port = await freePort(0)
  const settings = ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'fsync=off']
  const server = spawn(join(binaries, 'bin', 'postgres'), settings, { cwd: '/', stdio: 'ignore', ...runner })
  const exit = once(server, 'exit')
  t.after(async () => {
    server.kill('SIGINT')
    await exit
  })
  const url = `postgres://${POSTGRES_USER}:${encodeURIComponent(passwordOf(data))}@127.0.0.1:${port}/postgres`
  for (;;) {
    const answers = await asAdmin(url, (client) => client.query('select 1')).then(
      () => true,
      () => false,
    )
    if (answers) return url
    if (server.exitCode !== null) throw new Error('The plain PostgreSQL did not start.')
    await pause(30)
  }
}
