import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { signOut, useSession } from './accounts/session.ts'
import { useSpeech } from './language/index.tsx'
import { Mark } from './interface/mark.tsx'
import { Trouble } from './interface/notice.tsx'
import { OfflineBanner } from './interface/offline-banner.tsx'

export function Shell({ children }: { children: ComponentChildren }) {
  const { words, language, to, switchTo } = useSpeech()
  return (
    <>
      <a class="skip" href="#main">
        {words.skip}
      </a>
      <header class="top">
        <a class="brand" href={to('/')} aria-label={`${words.brand} – ${words.home}`}>
          <Mark />
          <span class="brand-name">{words.brand}</span>
        </a>
        <nav aria-label={words.menu}>
          <a class="top-link" href={to('/bookings')}>
            {words.myBookings}
          </a>
          <a class="top-link" href={switchTo} lang={language === 'ar' ? 'en' : 'ar'}>
            {words.otherLanguage}
          </a>
        </nav>
      </header>
      <OfflineBanner />
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <footer class="foot">
        <p>{words.footer}</p>
        <SignOut />
      </footer>
    </>
  )
}

function SignOut() {
  const { words } = useSpeech()
  const session = useSession()
  const [error, setError] = useState<unknown>(null)
  if (session !== 'signed-in') return null
  const leave = () => {
    setError(null)
    signOut().catch(setError)
  }
  return (
    <>
      <button type="button" class="link" onClick={leave}>
        {words.signOut}
      </button>
      <Trouble error={error} retry={leave} />
    </>
  )
}
