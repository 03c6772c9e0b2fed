import type { ReactNode } from 'react'

/** Stands in for markdown-to-jsx inside RJSF (see vite.config.ts): its few built-in texts are shown as they are. */
export function Markdown({ children }: { children?: ReactNode }) {
  return <span>{children}</span>
}
