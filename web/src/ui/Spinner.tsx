import { Icon } from './Icon'

export function Spinner({ className = 'size-4' }: { className?: string }) {
  return <Icon name="spinner" className={`animate-spin ${className}`} />
}
