import type { RunState } from './home.ts'

/** The four lines for whoever started the product: try it, see what phones receive, operate it, stop it. */
export function greeting({ url, simulatorsUrl, businesses, superuserPhone }: RunState): string[] {
  const slug = businesses[0] ?? ''
  return [
    `Customers   ${url}/b/${slug}   (Arabic; in English: ${url}/en/b/${slug})`,
    `Phones      ${simulatorsUrl}/   (the inbox where one-time codes and messages arrive)`,
    `Operator    ${url}/ops   (sign in as ${superuserPhone})`,
    'Stop        Ctrl-C   (what you did is kept for the next npm start)',
  ]
}
