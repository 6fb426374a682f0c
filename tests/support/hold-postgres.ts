// A process that starts or attaches to the embedded PostgreSQL of a home, says so, and holds it until its input ends.
import { startEmbeddedPostgres } from '../../start/embedded-postgres.ts'

const server = await startEmbeddedPostgres({
  home: process.argv[2] ?? '',
  durable: process.argv[3] === 'durable',
  say: (line) => console.error(line),
})
console.log(JSON.stringify({ pid: server.pid, url: server.url }))
process.stdin.once('end', () => void server.stop().then(() => process.exit(0)))
process.stdin.resume()
