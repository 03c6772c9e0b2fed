import { useEffect } from 'react'

/** The tab's title, most specific first: what distinguishes one tab of many is what stays readable. */
export function useTitle(...parts: (string | undefined)[]) {
  const title = [...parts.filter(Boolean), 'Portal'].join(' · ')
  useEffect(() => {
    document.title = title
  }, [title])
}
