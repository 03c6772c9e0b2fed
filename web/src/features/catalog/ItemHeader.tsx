import { Link } from '@tanstack/react-router'
import type { Descriptor } from '@/api/types'
import { Icon } from '@/ui/Icon'
import { ItemAvatar } from './ItemAvatar'
import { readManifest } from './manifest'
import { TagList } from './TagList'
import { VersionSelect } from './VersionSelect'

interface ItemHeaderProps {
  descriptor: Descriptor
  chosen: string | undefined
  onVersion: (version: string | undefined) => void
}

export function ItemHeader({ descriptor, chosen, onVersion }: ItemHeaderProps) {
  const { title, description, tags } = readManifest(descriptor)
  return (
    <header className="mb-6 space-y-4">
      <Link to="/catalog" className="inline-flex items-center gap-1 rounded text-muted hover:text-fg">
        <Icon name="left" className="size-3.5" />
        Catalog
      </Link>
      <div className="flex flex-wrap items-start gap-4">
        <ItemAvatar title={title} icon={descriptor.icon} className="size-12 text-2xl" />
        <div className="min-w-0 flex-1 basis-72 space-y-2">
          <h1 className="text-xl font-semibold tracking-tight sm:text-2xl">{title}</h1>
          {description && <p className="max-w-prose text-muted">{description}</p>}
          {tags.length > 0 && <TagList tags={tags} />}
        </div>
        <VersionSelect
          itemId={descriptor.item_id}
          chosen={chosen}
          shown={descriptor.version}
          onChange={onVersion}
        />
      </div>
    </header>
  )
}
