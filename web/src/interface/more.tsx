import { useSpeech } from '../language/index.tsx'
import { Button } from './button.tsx'

/** The way to the rest of a list, where there is more. */
export function More({ pages }: { pages: { more: (() => void) | null } }) {
  const { words } = useSpeech()
  if (!pages.more) return null
  return (
    <Button kind="quiet" onPress={pages.more}>
      {words.more}
    </Button>
  )
}
