import { assemble } from '../server/assembly.ts'
import { readConfig, SettingsError } from '../server/config.ts'
import type { Config } from '../server/config.ts'
import { checkDatabase, isEmbeddedDatabase, migrate } from '../server/database/index.ts'
import { CannotStart } from './until-stopped.ts'
import type { Begin } from './until-stopped.ts'

/** With NODE_ENV=production: nothing is simulated, embedded or made up. All that is missing is said at once. */
export async function start(begin: Begin): Promise<void> {
  const config = await fitConfig(process.env)
  await migrate(config.database.url)
  const house = await begin(
    () => assemble(config),
    async (built) => {
      await built.drain()
      await built.close()
    },
  )
  const { url } = await house.listen().catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE')
      throw new CannotStart([`Another program listens on port ${config.port}; set PORT to one that is free.`])
    throw error
  })
  console.log(`Thabit answers at ${url} for ${config.publicUrl}`)
}

async function fitConfig(env: NodeJS.ProcessEnv): Promise<Config> {
  const sentences: string[] = []
  let config: Config | undefined
  try {
    config = readConfig(env)
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    sentences.push(...error.sentences)
  }
  const databaseUrl = env['DATABASE_URL']?.trim()
  if (databaseUrl) sentences.push(...(await databaseComplaints(databaseUrl)))
  if (config === undefined || sentences.length > 0) throw new CannotStart(sentences)
  return config
}

async function databaseComplaints(databaseUrl: string): Promise<string[]> {
  try {
    await checkDatabase(databaseUrl)
    if (!(await isEmbeddedDatabase(databaseUrl))) return []
    return ['DATABASE_URL leads to the embedded PostgreSQL, which is for trying and testing; in production set it to a server of your own.']
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}
