import process from 'node:process'
import { startSimulators } from './index.ts'

const wanted = process.env['SIMULATORS_PORT'] ?? '3100'
const wantedSmtp = process.env['SIMULATORS_SMTP_PORT'] ?? '0'
const home = process.env['SIMULATORS_HOME']

for (const [name, value] of Object.entries({ SIMULATORS_PORT: wanted, SIMULATORS_SMTP_PORT: wantedSmtp })) {
  if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) continue
  console.error(`${name} is "${value}"; it must be a port number from 0 to 65535.`)
  process.exit(1)
}

const ports = { port: Number(wanted), smtpPort: Number(wantedSmtp) }
const simulators = await startSimulators({ ...ports, ...(home === undefined || home === '' ? {} : { home }) })

let stopping = false
const stop = (): void => {
  if (stopping) return
  stopping = true
  void simulators.close().then(() => process.exit(0))
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
process.on('disconnect', stop)

if (process.send === undefined) console.log(`Simulated vendors and their inbox: ${simulators.url}; mail: ${simulators.smtpUrl}`)
else process.send({ url: simulators.url, smtpUrl: simulators.smtpUrl })
