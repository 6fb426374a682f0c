import type { MessagePreview } from '@thabit/sdk'
import { thabit } from '../accounts/session.ts'
import { WithSession } from '../accounts/sign-in.tsx'
import { Trouble } from '../interface/notice.tsx'
import { useTitle } from '../interface/page-head.tsx'
import { Skeleton } from '../interface/skeleton.tsx'
import { useLoad } from '../interface/use-load.ts'
import { useSpeech } from '../language/index.tsx'
import { messageWords } from './message-words.ts'
import { previewWords } from './preview-words.ts'
import './messages.css'

/** Every message as people will read it, before anyone gets it. */
export function PreviewPage() {
  const { language } = useSpeech()
  const words = previewWords[language]
  useTitle(words.title)
  return (
    <div class="column wide">
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      <WithSession lead={words.signIn}>
        <Previews />
      </WithSession>
    </div>
  )
}

function Previews() {
  const { data, error, busy, reload } = useLoad('message-previews', () => thabit.messagePreviews())
  const kinds = Map.groupBy(data?.items ?? [], ({ kind }) => kind)
  return (
    <>
      <Trouble error={error} retry={reload} />
      {busy && <Skeleton rows={6} tall />}
      {[...kinds].map(([kind, previews]) => (
        <Kind key={kind} kind={kind} previews={previews} />
      ))}
    </>
  )
}

function Kind({ kind, previews }: { kind: string; previews: MessagePreview[] }) {
  const { language } = useSpeech()
  const words = previewWords[language]
  const [first] = previews
  if (!first) return null
  return (
    <section class="panel preview" aria-labelledby={`kind-${kind}`}>
      <h2 id={`kind-${kind}`}>{messageWords[language].kind[kind] ?? kind}</h2>
      <p class="hint">
        {({ customer: words.customer, staff: words.staff } as Record<string, string>)[first.audience] ?? words.operator}
        {first.promotional && ` · ${words.promotional}`}
      </p>
      {previews.map((preview) => (
        <figure key={`${preview.variant} ${preview.locale}`} class="preview-text">
          <blockquote lang={preview.locale} dir={preview.locale === 'ar' ? 'rtl' : 'ltr'}>
            {preview.text}
          </blockquote>
          <figcaption class="hint">
            <strong>{words.parts(preview.parts)}</strong> · {words.units(preview.units, preview.encoding)} · {words.template}{' '}
            <bdi dir="ltr">
              <code>{preview.template}</code>
            </bdi>
          </figcaption>
        </figure>
      ))}
      <p class="hint">
        {words.subject}: <bdi>{previews.find(({ locale }) => locale === language)?.subject}</bdi>
      </p>
    </section>
  )
}
