import { grantRole, makeSuperuser } from '../server/accounts/index.ts'
import { openAvailability } from '../server/availability/index.ts'
import { openCatalog } from '../server/catalog/index.ts'
import { openDatabase, transaction } from '../server/database/index.ts'
import { clinic } from './demo/clinic.ts'
import { publishDemo } from './demo/demo-business.ts'
import { padel } from './demo/padel.ts'
import { salon } from './demo/salon.ts'

/** In the order they are made; lists show the newest first. */
const demos = [padel, clinic, salon]

/** The operator of the demonstration; signs in by code like everybody. */
export const superuserPhone = '+966500000001'

/** The owner of the demonstration's salon, who signs in the same way. */
export const ownerPhone = '+966500000002'

/** Three businesses to try the product with, its operator and an owner. What is there already stays as it is. */
export async function loadDemoData({
  databaseUrl,
}: {
  databaseUrl: string
}): Promise<{ businesses: string[]; superuserPhone: string; ownerPhone: string }> {
  const settings = {
    poolSize: 2,
    poolWaitMs: 10_000,
    statementTimeoutMs: 10_000,
    lockTimeoutMs: 10_000,
    idleInTransactionTimeoutMs: 10_000,
  }
  const database = openDatabase({ url: databaseUrl, ...settings }, () => {})
  try {
    const catalog = openCatalog({ database })
    const availability = openAvailability({ database, catalog })
    for (const demo of demos) await transaction(database, (tx) => publishDemo(tx, { catalog, availability }, demo))
    await makeSuperuser(database, superuserPhone)
    const businessId = await catalog.businessIdOf(database, salon.slug)
    if (businessId !== null) await grantRole(database, ownerPhone, { role: 'owner', businessId })
  } finally {
    await database.close()
  }
  return { businesses: demos.toReversed().map(({ slug }) => slug), superuserPhone, ownerPhone }
}
