import type { CatalogItem, Descriptor, Job } from '@/api/types'

export function makeJob(part: Partial<Job> = {}): Job {
  return {
    job_id: '0198f2a0-7c1e-7d6b-9a55-0c9e00000001',
    type: 'example_long_task',
    state: 'RUNNING',
    progress: 20,
    message: 'Step 1 of 5',
    parameters: {},
    result: null,
    error: null,
    item: null,
    requested_by: 'ada',
    attempt: 1,
    max_attempts: 1,
    retry_of: null,
    created_at: '2026-11-01T10:00:00.000Z',
    started_at: '2026-11-01T10:00:01.000Z',
    finished_at: null,
    updated_at: '2026-11-01T10:00:02.000Z',
    artifacts: [],
    queue: null,
    ...part,
  }
}

export function makeItem(part: Partial<CatalogItem> = {}): CatalogItem {
  return {
    item_id: 'csv-profile',
    title: 'CSV profile',
    description: 'Describes every column.',
    tags: ['data', 'csv'],
    icon: null,
    owner: 'data-platform',
    latest: '1.2.0',
    versions: ['1.2.0', '1.1.0'],
    ...part,
  }
}

export function makeDescriptor(part: Partial<Descriptor> = {}): Descriptor {
  // The manifest's optional members do not matter to the pages under test.
  const manifest = { id: 'csv-profile', version: '1.2.0', title: 'CSV profile' } as Descriptor['manifest']
  return {
    item_id: 'csv-profile',
    version: '1.2.0',
    digest: `sha256:${'ab'.repeat(32)}`,
    manifest,
    schema: {
      type: 'object',
      required: ['rows'],
      properties: { rows: { type: 'integer', title: 'Rows', minimum: 1 } },
    },
    ui_schema: {},
    icon: null,
    readme: '# Hello\n\nA **bold** word.',
    build: { status: 'ready', message: '' },
    ...part,
  }
}
