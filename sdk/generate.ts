import openapiTypescript, { astToString } from 'openapi-typescript'

/** The types of an OpenAPI document, as the client uses them. */
export async function typesOf(openapi: string): Promise<string> {
  return `// Made from docs/reference/openapi.json by \`npm run docs\`.\n${astToString(await openapiTypescript(openapi))}`
}
