import { useState } from 'preact/hooks'
import type { Booking } from '@thabit/sdk'
import { When } from '../availability/when.tsx'
import { useSpeech } from '../language/index.tsx'

export function BookingDetails({ booking }: { booking: Booking }) {
  const { words, format } = useSpeech()
  return (
    <dl class="details">
      <div>
        <dt>{words.reference}</dt>
        <dd>
          <bdi class="reference">{booking.reference}</bdi> <Copy text={booking.reference} />
        </dd>
      </div>
      {booking.customer && (
        <div>
          <dt>{words.customer}</dt>
          <dd>
            {booking.customer.name && <bdi class="block">{booking.customer.name}</bdi>}
            {booking.viewer === 'business' ? (
              <a href={`tel:${booking.customer.phone}`}>
                <bdi dir="ltr">{booking.customer.phone}</bdi>
              </a>
            ) : (
              <bdi dir="ltr">{booking.customer.phone}</bdi>
            )}
          </dd>
        </div>
      )}
      <div>
        <dt>{words.service}</dt>
        <dd dir="auto">{format.text(booking.serviceName)}</dd>
      </div>
      {booking.resources.map((resource) => (
        <div key={resource.id}>
          <dt>{words.resource[resource.kind] ?? words.person}</dt>
          <dd dir="auto">{format.text(resource.name)}</dd>
        </div>
      ))}
      <div>
        <dt>{words.when}</dt>
        <dd>
          <When startsAt={booking.startsAt} endsAt={booking.endsAt} zone={booking.zone} />
        </dd>
      </div>
      <div>
        <dt>{words.where}</dt>
        <dd>
          <bdi class="block">{format.text(booking.businessName)}</bdi>
          <span class="faint block" dir="auto">
            {format.text(booking.branchAddress)}
          </span>
        </dd>
      </div>
      <div>
        <dt>{words.price}</dt>
        <dd>
          <bdi>{booking.price.amountMinor === 0 ? words.free : format.money(booking.price)}</bdi>
        </dd>
      </div>
      {booking.dueAtPlace.amountMinor > 0 && (
        <div>
          <dt>{words.paidAtPlace}</dt>
          <dd>
            <bdi>{format.money(booking.dueAtPlace)}</bdi>
          </dd>
        </div>
      )}
      {booking.note && (
        <div>
          <dt>{words.note}</dt>
          <dd dir="auto">{booking.note}</dd>
        </div>
      )}
    </dl>
  )
}

function Copy({ text }: { text: string }) {
  const { words } = useSpeech()
  const [copied, setCopied] = useState(false)
  // Only where the browser allows it: an address without TLS has no clipboard.
  if (!navigator.clipboard) return null
  return (
    <button
      type="button"
      class="link"
      aria-label={`${words.copy}: ${words.reference}`}
      onClick={() =>
        void navigator.clipboard.writeText(text).then(
          () => setCopied(true),
          () => setCopied(false),
        )
      }
    >
      <output>{copied ? words.copied : words.copy}</output>
    </button>
  )
}
