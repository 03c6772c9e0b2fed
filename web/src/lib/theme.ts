/** The chosen theme. public/theme.js applies the same rule before the first paint. */

export type Theme = 'light' | 'dark' | 'system'

const KEY = 'portal.theme'
const systemDark = window.matchMedia('(prefers-color-scheme: dark)')

export function storedTheme(): Theme {
  const value = localStorage.getItem(KEY)
  return value === 'light' || value === 'dark' ? value : 'system'
}

export function setTheme(theme: Theme) {
  if (theme === 'system') localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, theme)
  apply()
}

/** Follows the system, and the same choice made in another tab. */
export function watchTheme() {
  systemDark.addEventListener('change', apply)
  window.addEventListener('storage', (event) => {
    if (event.key === KEY) apply()
  })
}

function apply() {
  const theme = storedTheme()
  const dark = theme === 'dark' || (theme === 'system' && systemDark.matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
}
