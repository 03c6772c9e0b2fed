import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { descriptorQuery } from '@/api/catalog'
import { jobQuery } from '@/api/jobs'
import { BuildNotice } from '@/features/catalog/BuildNotice'
import { FormSkeleton } from '@/features/catalog/FormSkeleton'
import { ItemFacts } from '@/features/catalog/ItemFacts'
import { ItemHeader } from '@/features/catalog/ItemHeader'
import { readManifest } from '@/features/catalog/manifest'
import { useTitle } from '@/lib/use-title'
import { Card } from '@/ui/Card'
import { Markdown } from '@/ui/Markdown'

const route = getRouteApi('/shell/catalog/$itemId')
const RunForm = lazy(() =>
  import('@/features/catalog/RunForm').then((module) => ({ default: module.RunForm })),
)

export default function CatalogItem() {
  const { itemId } = route.useParams()
  const { version, from } = route.useSearch()
  const navigate = route.useNavigate()
  const { data: descriptor } = useSuspenseQuery(descriptorQuery(itemId, version ?? 'latest'))
  const source = useQuery({ ...jobQuery(from ?? ''), enabled: Boolean(from), staleTime: Infinity })
  useTitle(readManifest(descriptor).title)

  const waiting = Boolean(from) && source.isPending
  return (
    <>
      <ItemHeader
        descriptor={descriptor}
        chosen={version}
        onVersion={(chosen) => void navigate({ search: (before) => ({ ...before, version: chosen }) })}
      />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0 space-y-6">
          <BuildNotice build={descriptor.build} />
          <Card title="Run it">
            <Suspense fallback={<FormSkeleton />}>
              {waiting ? (
                <FormSkeleton />
              ) : (
                <RunForm
                  key={`${descriptor.digest} ${from ?? ''}`}
                  descriptor={descriptor}
                  version={version ?? 'latest'}
                  prefill={source.data?.parameters}
                  prefillFrom={source.data?.job_id}
                />
              )}
            </Suspense>
          </Card>
          {descriptor.readme && (
            <Card title="Read me">
              <div className="p-4 sm:p-5">
                <Markdown source={descriptor.readme} />
              </div>
            </Card>
          )}
        </div>
        <ItemFacts descriptor={descriptor} />
      </div>
    </>
  )
}
