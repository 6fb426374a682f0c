import { previewMessages } from '../server/notifications/index.ts'

/** Every message as its reader gets it, and as it is registered with a vendor of templates. */
export function messagesPage(made: string): string {
  const previews = previewMessages()
  const kinds = [...new Set(previews.map(({ kind }) => kind))]
  const sections = kinds.map((kind) => {
    const own = previews.filter((preview) => preview.kind === kind)
    const [first] = own
    const bodies = own.map(
      ({
        variant,
        locale,
        text,
        encoding,
        units,
        parts,
        templateBody,
        values,
      }) => `**${variant}, ${locale}** · ${encoding}, ${units} units, ${parts} ${parts === 1 ? 'part' : 'parts'}

> ${text}

\`${templateBody}\` (${values.map((value, at) => `${at + 1} ${value}`).join(', ')})`,
    )
    const names = [...new Set(own.map(({ template }) => `\`${template}\``))].join(', ')
    return `## ${kind}

To the ${first?.audience}${first?.promotional ? ', promotional: with consent, within hours, from a sender name that ends in -AD' : ''}. Subject of the mail: ${[...new Set(own.map(({ subject }) => subject))].join(' / ')}.
${names.includes(',') ? 'Templates' : 'Template'}: ${names}.

${bodies.join('\n\n')}`
  })
  return `# Messages

Every message of the house in both languages, written from invented words. An SMS in the GSM alphabet holds 160 letters alone and
153 in each of several parts; one with an Arabic letter 70 and 67. With the longest names no message is longer than three Arabic
or two English parts; a name is cut before it makes one longer. Under each text stands its template as it is registered for
WhatsApp, once in \`ar\` and once in \`en\`. ${made}

${sections.join('\n\n')}
`
}
