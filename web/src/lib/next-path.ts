/** Where to go after signing in. Only paths of this app: anything else could send people to another site. */
export function safeNext(next: string | undefined): string {
  if (!next) return '/catalog'
  const url = new URL(next, window.location.origin)
  if (url.origin !== window.location.origin || !url.pathname.startsWith('/ui/')) return '/catalog'
  const path = url.pathname.slice('/ui'.length)
  return path === '/' || path.startsWith('/sign-in') ? '/catalog' : path + url.search + url.hash
}
