/** A grey bar with the exact size of what is coming, so that nothing jumps when it comes. */
export function Skeleton({ className }: { className: string }) {
  return <span aria-hidden="true" className={`skeleton block ${className}`} />
}
