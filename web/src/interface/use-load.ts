import { useCallback, useEffect, useRef, useState } from 'preact/hooks'

export type Load<T> = {
  data: T | null
  error: unknown
  busy: boolean
  reload: () => void
  /** Puts in a newer value that came by another way. */
  replace: (data: T) => void
}

/** Loads whenever `key` changes (null loads nothing); an answer that comes late for an older key is dropped. */
export function useLoad<T>(key: string | null, load: () => Promise<T>): Load<T> {
  const [result, setResult] = useState<{ key: string | null; data: T | null; error: unknown }>({ key: null, data: null, error: null })
  const [turn, setTurn] = useState(0)
  const wanted = useRef(key)
  wanted.current = key

  useEffect(() => {
    if (key === null) return undefined
    let current = true
    load().then(
      (data) => current && setResult({ key, data, error: null }),
      (error: unknown) => current && setResult((old) => ({ key, data: old.key === key ? old.data : null, error })),
    )
    return () => {
      current = false
    }
    // `load` is remade at every render; `key` says when its meaning changed.
  }, [key, turn])

  const fits = result.key === key
  return {
    data: fits ? result.data : null,
    error: fits ? result.error : null,
    busy: key !== null && !fits,
    reload: useCallback(() => {
      setResult((old) => ({ ...old, error: null }))
      setTurn((old) => old + 1)
    }, []),
    replace: useCallback((data: T) => setResult({ key: wanted.current, data, error: null }), []),
  }
}
