import { useCallback, useEffect, useRef, useState } from 'react'

const NEAR_END_PX = 40

/** Keeps a box at its end while it grows, until someone scrolls up; scrolling back to the end takes it up again. */
export function useFollow(grown: unknown, initially: boolean) {
  const box = useRef<HTMLDivElement>(null)
  const lastTop = useRef(0)
  const [following, setFollowing] = useState(initially)

  const toEnd = useCallback(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight
  }, [])

  useEffect(() => {
    // `grown` is what this waits for: there is more to show.
    if (grown && following) toEnd()
  }, [grown, following, toEnd])

  const onScroll = () => {
    if (!box.current) return
    const { scrollTop, scrollHeight, clientHeight } = box.current
    const atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX
    if (scrollTop < lastTop.current && !atEnd) setFollowing(false)
    else if (atEnd && scrollTop > lastTop.current) setFollowing(true)
    lastTop.current = scrollTop
  }
  const follow = () => {
    setFollowing(true)
    toEnd()
  }
  return { box, following, follow, onScroll }
}
