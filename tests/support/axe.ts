/** The rules of accessibility, run in the page by axe. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
type Violation = { id: string; help: string; nodes: { html: string; failureSummary: string }[] }

export async function assertAccessible(page: Page, what: string): Promise<void> {
  // Evaluated by the browser's own tooling: the page's content policy would refuse a script tag.
  await page.evaluate(axe)
  const violations = (await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"] }).then((result) => result.violations)',
  )) as Violation[]
  const told = violations.map(
    ({ id, help, nodes }) => `${id}: ${help}\n    ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('\n    ')}`,
  )
  assert.deepEqual(told, [], what)
}
