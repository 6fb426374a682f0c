// `npm run docs`: writes everything that is made from the code and checked in.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { testDatabase } from '../tests/support/postgres.ts'
import { referenceFiles } from './reference-files.ts'

const clone = fileURLToPath(new URL('../', import.meta.url))
const database = await testDatabase()
try {
  for (const [path, text] of await referenceFiles(database.url)) {
    mkdirSync(dirname(join(clone, path)), { recursive: true })
    writeFileSync(join(clone, path), text)
    console.log(path)
  }
} finally {
  await database.drop()
}
// The PostgreSQL that was started for this ends with the process.
process.exit(0)
