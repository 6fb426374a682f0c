import { render } from 'preact'
import { resume } from './accounts/session.ts'
import './interface/fonts.css'
import './interface/tokens.css'
import './interface/base.css'
import './interface/controls.css'
import './interface/layout.css'
import './catalog/catalog.css'
import './availability/availability.css'
import './bookings/bookings.css'
import { Pages } from './pages.tsx'

const root = document.getElementById('app')
if (root) {
  root.replaceChildren()
  void resume()
  render(<Pages />, root)
}
