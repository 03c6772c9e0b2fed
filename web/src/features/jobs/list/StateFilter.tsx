import type { JobState } from '@/api/types'
import { buttonClass } from '@/ui/button-class'
import { Icon } from '@/ui/Icon'
import { Popover } from '@/ui/Popover'
import { JOB_STATES, STATES } from '../job-states'
import { StateBadge } from '../StateBadge'

interface StateFilterProps {
  chosen: JobState[]
  onChange: (states: JobState[]) => void
}

export function StateFilter({ chosen, onChange }: StateFilterProps) {
  const toggle = (state: JobState) =>
    onChange(chosen.includes(state) ? chosen.filter((one) => one !== state) : [...chosen, state])
  const first = chosen[0]
  const summary = !first ? 'Any state' : chosen.length === 1 ? STATES[first].word : `${chosen.length} states`
  return (
    <Popover
      label={`State: ${summary}`}
      triggerClassName={`${buttonClass()} justify-between sm:min-w-36`}
      trigger={
        <>
          {summary}
          <Icon name="down" className="size-3.5 text-faint" />
        </>
      }
    >
      <fieldset className="w-52">
        <legend className="sr-only">State</legend>
        {JOB_STATES.map((state) => (
          <label
            key={state}
            className="flex items-center gap-2.5 rounded-lg px-2.5 py-1.5 hover:bg-idle-soft has-focus-visible:bg-idle-soft"
          >
            <input type="checkbox" checked={chosen.includes(state)} onChange={() => toggle(state)} />
            <StateBadge state={state} />
          </label>
        ))}
        <button
          type="button"
          disabled={chosen.length === 0}
          onClick={() => onChange([])}
          className="mt-1 w-full rounded-lg px-2.5 py-1.5 text-left text-muted hover:bg-idle-soft hover:text-fg disabled:opacity-50"
        >
          Any state
        </button>
      </fieldset>
    </Popover>
  )
}
