import { Link } from '@tanstack/react-router'
import type { CatalogItem } from '@/api/types'
import { plural } from '@/lib/format'
import { ItemAvatar } from './ItemAvatar'
import { TagList } from './TagList'

/** The whole card is one link; the title is what it is called. */
export function ItemCard({ item }: { item: CatalogItem }) {
  return (
    <li className="group relative flex flex-col gap-3 rounded-xl border border-line bg-surface p-4 shadow-card transition-[border-color,box-shadow] hover:border-field has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent">
      <div className="flex items-start gap-3">
        <ItemAvatar title={item.title} icon={item.icon} />
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold">
            <Link
              to="/catalog/$itemId"
              params={{ itemId: item.item_id }}
              className="outline-none after:absolute after:inset-0 after:rounded-xl group-hover:text-brand"
            >
              {item.title}
            </Link>
          </h2>
          <p className="truncate text-xs text-muted">
            <span className="font-mono">{item.latest}</span>
            {item.versions.length > 1 && ` · ${plural(item.versions.length, 'version')}`}
            {item.owner && ` · ${item.owner}`}
          </p>
        </div>
      </div>
      <p className="line-clamp-3 min-h-15 text-muted">{item.description || 'No description.'}</p>
      <div className="mt-auto min-h-6">
        <TagList tags={item.tags} />
      </div>
    </li>
  )
}
