import { words } from '@/lib/format'

/** What an error's kind means, and what one can do about it. */
const HINTS: Record<string, string> = {
  timeout:
    'It ran longer than the item allows and was stopped. Give it less to do, or ask its owner for a longer limit.',
  expired: 'It waited in the queue longer than it may. Start it again when there is less to do.',
  worker_lost: 'The machine it ran on went away. Nothing is known to be wrong with the inputs: try again.',
  invalid_inputs: 'The inputs do not fit what the item asks for. Run it again with changes.',
  item_error: 'Its own message is below; the traceback and the log show where it came from.',
  out_of_memory: 'It needed more memory than the item allows. Give it less to do, or ask its owner for more.',
  killed: 'It was stopped from outside before it could finish.',
  build_failed: 'The software it depends on could not be installed. Its owner has to look at it.',
  disk_full: 'It wrote more than the item allows.',
  internal: 'This is a fault of the portal, not of your inputs. Its log has more under the id of this job.',
}

const TITLES: Record<string, string> = {
  item_error: 'The item reported an error',
  timeout: 'Out of time',
  expired: 'Waited too long',
  worker_lost: 'The worker was lost',
  internal: 'The portal failed',
}

export function errorTitle(kind: string): string {
  return TITLES[kind] ?? words(kind)
}

export function errorHint(kind: string): string {
  return HINTS[kind] ?? 'The message below is all that is known.'
}
