import { lazy, LocationProvider, Route, Router } from 'preact-iso'
import { BookingPage } from './bookings/booking-page.tsx'
import { BookingsPage } from './bookings/bookings-page.tsx'
import { BusinessPage } from './catalog/business-page.tsx'
import { HomePage } from './catalog/home-page.tsx'
import { NotFound, PageLost } from './interface/not-found.tsx'
import { Shell } from './shell.tsx'
import { LanguageProvider } from './language/index.tsx'

/** What few people open is fetched only when opened. */
const OpsPage = lazy(() =>
  import('./operations/ops-page.tsx').then(
    (module) => module.OpsPage,
    () => PageLost,
  ),
)

const MoneyPage = lazy(() =>
  import('./payments/money-page.tsx').then(
    (module) => module.MoneyPage,
    () => PageLost,
  ),
)

const UnreachedPage = lazy(() =>
  import('./messages/unreached-page.tsx').then(
    (module) => module.UnreachedPage,
    () => PageLost,
  ),
)

const PreviewPage = lazy(() =>
  import('./messages/preview-page.tsx').then(
    (module) => module.PreviewPage,
    () => PageLost,
  ),
)

const DayPage = lazy(() =>
  import('./workplace/day-page.tsx').then(
    (module) => module.DayPage,
    () => PageLost,
  ),
)

const MessagingPage = lazy(() =>
  import('./messages/messaging-page.tsx').then(
    (module) => module.MessagingPage,
    () => PageLost,
  ),
)

/** Every page and its address, in Arabic as it stands and in English under `/en`. */
const pages = [
  ['/', HomePage],
  ['/b/:slug', BusinessPage],
  ['/b/:slug/day', DayPage],
  ['/b/:slug/unreached', UnreachedPage],
  ['/b/:slug/messaging', MessagingPage],
  ['/bookings', BookingsPage],
  ['/bookings/:id', BookingPage],
  ['/money/:id', MoneyPage],
  ['/ops', OpsPage],
  ['/ops/messages/preview', PreviewPage],
] as const

export function Pages() {
  return (
    <LocationProvider>
      <LanguageProvider>
        <Shell>
          <Router onRouteChange={() => document.getElementById('main')?.focus({ preventScroll: true })}>
            {pages.flatMap(([path, component]) => [
              <Route path={path} component={component} />,
              <Route path={`/en${path}`} component={component} />,
            ])}
            <Route default component={NotFound} />
          </Router>
        </Shell>
      </LanguageProvider>
    </LocationProvider>
  )
}
