export function TagList({ tags }: { tags: string[] }) {
  return (
    <ul aria-label="Tags" className="flex flex-wrap gap-1.5">
      {tags.map((tag) => (
        <li key={tag} className="rounded-md bg-idle-soft px-1.5 py-0.5 text-xs text-muted">
          {tag}
        </li>
      ))}
    </ul>
  )
}
