/** Takes the one-time token out of `/ui/sign-in#token=…` and out of the history, where it must not stay. */
export function takeLinkToken(): string | null {
  const token = new URLSearchParams(window.location.hash.slice(1)).get('token')
  if (token)
    window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search)
  return token
}
