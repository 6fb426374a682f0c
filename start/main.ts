// What `npm start` runs. This file alone must load on an older Node, to say what is missing.
const NODE_NEEDED = 26

const major = Number(process.versions.node.split('.')[0])
if (major < NODE_NEEDED) {
  console.error(
    `Thabit runs on Node ${NODE_NEEDED}, which comes with its packages; this is Node ${process.versions.node}. Start it with: npm start`,
  )
  process.exit(1)
}

const { untilStopped } = await import('./until-stopped.ts')
const production = process.env['NODE_ENV'] === 'production'
const { start } = production ? await import('./production.ts') : await import('./trial.ts')
await untilStopped(start)
