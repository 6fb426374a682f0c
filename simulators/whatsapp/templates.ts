import type { Answer } from '../answers.ts'
import { json, problem } from '../answers.ts'
import { isRecord } from '../read-call.ts'
import type { Route } from '../server.ts'
import type { Store } from '../store.ts'
import { graphError } from './graph-error.ts'

/** An approved template: `{{1}}`, `{{2}}` stand for its values. */
export type Template = { name: string; language: string; body: string }
export type TemplateRead = { template: Template | undefined; values: string[] }

const LONGEST_BODY = 1_024

/** Reads what a message wants said. With no template approved at all any name is taken, as on a trial account of ours. */
export function readTemplate(value: unknown, approved: Template[]): TemplateRead | { refused: Answer } {
  if (!isRecord(value) || typeof value['name'] !== 'string') return refused(131008, 'Required parameter is missing: template')
  const language = isRecord(value['language']) ? value['language']['code'] : undefined
  const components: unknown[] = Array.isArray(value['components']) ? value['components'] : []
  const body = components.filter(isRecord).find(({ type }) => type === 'body')
  const parameters: unknown[] = body !== undefined && Array.isArray(body['parameters']) ? body['parameters'] : []
  const values = parameters.map((one) => (isRecord(one) && one['type'] === 'text' && typeof one['text'] === 'string' ? one['text'] : null))
  if (!values.every((text) => text !== null)) return refused(132012, 'Template parameter format mismatch')
  if (values.some((text) => text === '' || /[\n\t]| {4}/.test(text)))
    return refused(132012, 'Param text cannot be empty, nor have new-line/tab characters')
  const template = approved.find((one) => one.name === value['name'] && one.language === language)
  if (approved.length > 0 && template === undefined)
    return { refused: graphError(404, 132001, `Template name does not exist in the translation: ${value['name']}`) }
  if (template !== undefined && slots(template.body) !== values.length)
    return refused(132000, 'Number of parameters does not match the expected number of params')
  const read = { template, values }
  return rendered(read).length > LONGEST_BODY ? refused(132005, 'Translated text too long') : read
}

/** What the customer reads; of a template we do not know, its values alone. */
export function rendered({ template, values }: TemplateRead): string {
  if (template === undefined) return values.join('\n')
  return template.body.replace(/\{\{(\d+)\}\}/g, (_whole, number: string) => values[Number(number) - 1] ?? '')
}

function slots(body: string): number {
  return new Set(body.match(/\{\{\d+\}\}/g)).size
}

function refused(code: number, message: string): { refused: Answer } {
  return { refused: graphError(400, code, message) }
}

/** `PUT /play/whatsapp/templates {templates: [{name, language, body}]}`: these are approved now, and no others. */
export function templateRoute(store: Store): Route {
  return {
    method: 'PUT',
    path: '/play/whatsapp/templates',
    handle: ({ fields: { templates } }) => {
      const isTemplate = (one: unknown): one is Template =>
        isRecord(one) && ['name', 'language', 'body'].every((name) => typeof one[name] === 'string')
      if (!Array.isArray(templates) || !templates.every(isTemplate))
        return problem(422, 'No template was approved', { errors: { templates: 'is a list of {name, language, body}' } })
      store.keepNewest('whatsapp-template', 0)
      for (const { name, language, body } of templates) store.put('whatsapp-template', `${name} ${language}`, { name, language, body })
      return json(200, { approved: templates.length })
    },
  }
}
