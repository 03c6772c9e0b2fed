/** An open door in the brand's orange; public/favicon.svg is the same drawing. */
export function Logo({ className = 'size-7' }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={className}>
      <rect width="32" height="32" rx="8" fill="#ca3500" />
      <path d="M10 25V16a6 6 0 0 1 12 0v9" fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
      <circle cx="16" cy="19.5" r="2.2" fill="#ffb86a" />
    </svg>
  )
}
