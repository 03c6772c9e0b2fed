import { useQuery } from '@tanstack/react-query'
import { catalogQuery } from '@/api/catalog'
import type { CatalogPage, Job } from '@/api/types'
import { words } from '@/lib/format'

const toTitles = (page: CatalogPage) => new Map(page.items.map((item) => [item.item_id, item.title]))

/** Names a job by its item's title; the catalog is optional here, so its absence only costs the title. */
export function useJobTitle(): (job: Pick<Job, 'type' | 'item'>) => string {
  const { data: titles } = useQuery({ ...catalogQuery(), select: toTitles })
  return ({ type, item }) => (item ? (titles?.get(item.id) ?? item.id) : words(type))
}
