export type ProgressTone = 'busy' | 'ok' | 'bad' | 'idle'

const FILLS: Record<ProgressTone, string> = {
  busy: 'bg-accent bg-[linear-gradient(100deg,transparent_30%,rgb(255_255_255/0.3)_50%,transparent_70%)] bg-[length:12rem_100%] animate-slide',
  ok: 'bg-ok',
  bad: 'bg-bad',
  idle: 'bg-field',
}

interface ProgressBarProps {
  value: number
  tone: ProgressTone
  label: string
  className?: string
}

export function ProgressBar({ value, tone, label, className = 'h-1.5' }: ProgressBarProps) {
  const percent = Math.min(100, Math.max(0, Math.round(value)))
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      className={`w-full overflow-hidden rounded-full bg-idle-soft ${className}`}
    >
      <div
        className={`h-full origin-left rounded-full transition-[width] duration-500 ease-out ${FILLS[tone]}`}
        style={{ width: `${percent}%` }}
      />
    </div>
  )
}
