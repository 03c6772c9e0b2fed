import type { JobState } from '@/api/types'
import { Badge } from '@/ui/Badge'
import { Icon } from '@/ui/Icon'
import { STATES } from './job-states'

export function StateBadge({ state }: { state: JobState }) {
  const { word, tone, icon } = STATES[state]
  return (
    <Badge tone={tone}>
      <Icon name={icon} className={`size-3.5 ${state === 'RUNNING' ? 'animate-spin' : ''}`} />
      {word}
    </Badge>
  )
}
