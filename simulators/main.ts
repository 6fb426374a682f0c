import process from 'node:process'
import { startSimulators } from './index.ts'

const wanted = process.env['SIMULATORS_PORT'] ?? '3100'
const home = process.env['SIMULATORS_HOME']

if (!/^\d{1,5}$/.test(wanted) || Number(wanted) > 65_535) {
  console.error(`SIMULATORS_PORT is "${wanted}"; it must be a port number from 0 to 65535.`)
  process.exit(1)
}

const simulators = await startSimulators({ port: Number(wanted), ...(home === undefined || home === '' ? {} : { home }) })

let stopping = false
const stop = (): void => {
  if (stopping) return
  stopping = true
  void simulators.close().then(() => process.exit(0))
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
process.on('disconnect', stop)

if (process.send === undefined) console.log(`Simulated vendors and their inbox: ${simulators.url}`)
else process.send({ url: simulators.url })
