import type { CatalogItem } from '@/api/types'
import type { CatalogSearch } from './catalog-search'

/** The whole catalog is in the browser, so the search answers while one types. Every word must be found somewhere. */
export function filterItems(items: CatalogItem[], { search, tag }: CatalogSearch): CatalogItem[] {
  const wanted = (search ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  return items.filter((item) => {
    const text = [item.item_id, item.title, item.description, item.owner, ...item.tags]
      .join('\n')
      .toLowerCase()
    return wanted.every((word) => text.includes(word)) && (tag ?? []).every((one) => item.tags.includes(one))
  })
}

/** All tags with how many items carry them, the most used first. */
export function countTags(items: CatalogItem[]): [string, number][] {
  const counts = new Map<string, number>()
  for (const tag of items.flatMap((item) => item.tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1)
  return [...counts].toSorted(([a, m], [b, n]) => n - m || a.localeCompare(b))
}
