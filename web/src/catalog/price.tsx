import type { Service } from '@thabit/sdk'
import { useSpeech } from '../language/index.tsx'

export function Price({ service }: { service: Pick<Service, 'price'> }) {
  const { words, format } = useSpeech()
  return service.price.amountMinor === 0 ? (
    <span class="free">{words.free}</span>
  ) : (
    <span class="price">
      <bdi>{format.money(service.price)}</bdi>
    </span>
  )
}
