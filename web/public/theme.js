// Runs before the first paint, as a file because the portal's CSP has no inline scripts.
;(function () {
  var chosen
  try {
    chosen = localStorage.getItem('portal.theme')
  } catch (_) {
    chosen = null
  }
  var dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
})()
