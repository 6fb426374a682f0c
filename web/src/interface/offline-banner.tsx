import { useEffect, useState } from 'preact/hooks'
import { useSpeech } from '../language/index.tsx'

export function useOnline(): boolean {
  const [online, setOnline] = useState(navigator.onLine)
  useEffect(() => {
    const look = () => setOnline(navigator.onLine)
    addEventListener('online', look)
    addEventListener('offline', look)
    return () => {
      removeEventListener('online', look)
      removeEventListener('offline', look)
    }
  }, [])
  return online
}

export function OfflineBanner() {
  const { words } = useSpeech()
  const online = useOnline()
  return <output class={online ? 'hidden' : 'offline'}>{!online && words.offline}</output>
}
