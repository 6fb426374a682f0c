import openapiTypescript, { astToString, COMMENT_HEADER } from 'openapi-typescript'

/** The types of an OpenAPI document, as the client uses them: what the package's own command writes. */
export async function typesOf(openapi: string): Promise<string> {
  return `${COMMENT_HEADER}${astToString(await openapiTypescript(openapi))}`
}
