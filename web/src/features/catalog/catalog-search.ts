import { asList, asText } from '@/lib/search-params'

export interface CatalogSearch {
  search?: string
  tag?: string[]
}

export function validateCatalogSearch(raw: Record<string, unknown>): CatalogSearch {
  const tag = asList(raw.tag)
  return { search: asText(raw.search), tag: tag.length ? tag : undefined }
}
