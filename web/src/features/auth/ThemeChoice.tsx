import { useState } from 'react'
import { setTheme, storedTheme, type Theme } from '@/lib/theme'
import { Icon } from '@/ui/Icon'
import type { IconName } from '@/ui/icons'

const CHOICES: { theme: Theme; icon: IconName; label: string }[] = [
  { theme: 'light', icon: 'sun', label: 'Light' },
  { theme: 'dark', icon: 'moon', label: 'Dark' },
  { theme: 'system', icon: 'system', label: 'System' },
]

export function ThemeChoice() {
  const [chosen, setChosen] = useState(storedTheme)
  const choose = (theme: Theme) => {
    setTheme(theme)
    setChosen(theme)
  }
  return (
    <fieldset className="grid grid-cols-3 gap-1 rounded-lg bg-sunken p-1">
      <legend className="sr-only">Theme</legend>
      {CHOICES.map(({ theme, icon, label }) => (
        <label
          key={theme}
          className="flex flex-col items-center gap-1 rounded-md px-2 py-1.5 text-xs text-muted has-checked:bg-surface has-checked:text-fg has-checked:shadow-card has-focus-visible:outline-2 has-focus-visible:outline-accent"
        >
          <input
            type="radio"
            name="theme"
            className="sr-only"
            checked={chosen === theme}
            onChange={() => choose(theme)}
          />
          <Icon name={icon} />
          {label}
        </label>
      ))}
    </fieldset>
  )
}
