import type { RJSFSchema, UiSchema } from '@rjsf/utils'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { axe } from '@/test/axe'
import { at, problem, server } from '@/test/server'
import { describe, expect, it, vi } from 'vitest'
import type { FieldProblem } from '@/api/errors'
import { SchemaForm } from './SchemaForm'

function show(
  schema: RJSFSchema,
  { uiSchema = {}, initial = {} }: { uiSchema?: UiSchema; initial?: object } = {},
) {
  const onSubmit = vi.fn()
  const onChange = vi.fn()
  const queryClient = new QueryClient()
  const form = (problems: FieldProblem[]) => (
    <QueryClientProvider client={queryClient}>
      <SchemaForm
        schema={schema}
        uiSchema={uiSchema}
        initial={{ ...initial }}
        disabled={false}
        problems={problems}
        onChange={onChange}
        onSubmit={onSubmit}
      >
        <button type="submit">Run</button>
      </SchemaForm>
    </QueryClientProvider>
  )
  const none: FieldProblem[] = []
  const { rerender, container } = render(form(none))
  const user = userEvent.setup()
  const submit = () => user.click(screen.getByRole('button', { name: 'Run' }))
  return {
    user,
    submit,
    onSubmit,
    onChange,
    container,
    answer: (problems: FieldProblem[]) => rerender(form(problems)),
  }
}

const object = (properties: RJSFSchema['properties'], rest: RJSFSchema = {}): RJSFSchema => ({
  type: 'object',
  properties,
  ...rest,
})

describe('checking', () => {
  it('lists what is wrong, takes the focus there, and leads to the field', async () => {
    const { user, submit, onSubmit } = show(
      object({ name: { type: 'string', title: 'Name' } }, { required: ['name'] }),
    )
    await submit()
    expect(onSubmit).not.toHaveBeenCalled()
    expect(screen.getByRole('alert')).toHaveFocus()
    const field = screen.getByLabelText(/^Name/)
    expect(field).toBeInvalid()
    expect(field).toHaveAccessibleDescription(/Required/)
    await user.click(screen.getByRole('button', { name: 'Name is required' }))
    expect(field).toHaveFocus()
  })

  it('lets go as soon as it is right', async () => {
    const { user, submit, onSubmit } = show(
      object({ name: { type: 'string', title: 'Name' } }, { required: ['name'] }),
    )
    await submit()
    await user.type(screen.getByLabelText(/^Name/), 'Ada')
    expect(screen.getByLabelText(/^Name/)).toBeValid()
    await submit()
    expect(onSubmit).toHaveBeenCalledExactlyOnceWith({ name: 'Ada' })
  })

  it('shows what the API says at the field, until that is changed', async () => {
    const { user, answer } = show(object({ rows: { type: 'integer', title: 'Rows' } }), {
      initial: { rows: 13 },
    })
    answer([{ path: '/parameters/rows', message: 'is unlucky' }])
    expect(screen.getByLabelText(/^Rows/)).toHaveAccessibleDescription(/is unlucky/)
    expect(screen.getByRole('alert')).toHaveTextContent('rows is unlucky')
    await user.type(screen.getByLabelText(/^Rows/), '1')
    expect(screen.queryByText(/is unlucky/)).toBeNull()
  })

  it('sends a cleared default as nothing, not as an empty text', async () => {
    const { user, submit, onSubmit } = show(object({ name: { type: 'string', title: 'Name', default: 'x' } }))
    await user.clear(screen.getByLabelText(/^Name/))
    await submit()
    expect(onSubmit.mock.lastCall?.[0]).toEqual({})
  })

  it('reports no change that nobody made', () => {
    const { onChange } = show(object({ name: { type: 'string', default: 'x' } }))
    expect(onChange).not.toHaveBeenCalled()
  })
})

describe('shapes', () => {
  it('shows and drops the fields of a condition', async () => {
    const schema = object(
      { mode: { type: 'string', title: 'Mode', enum: ['fast', 'custom'], default: 'fast' } },
      {
        if: { properties: { mode: { const: 'custom' } } },
        then: { properties: { rate: { type: 'number', title: 'Rate' } } },
      },
    )
    const { user, submit, onSubmit } = show(schema)
    expect(screen.queryByLabelText(/^Rate/)).toBeNull()
    await user.selectOptions(screen.getByLabelText(/^Mode/), 'custom')
    await user.type(screen.getByLabelText(/^Rate/), '2.5')
    await submit()
    expect(onSubmit.mock.lastCall?.[0]).toEqual({ mode: 'custom', rate: 2.5 })
    await user.selectOptions(screen.getByLabelText(/^Mode/), 'fast')
    await submit()
    expect(onSubmit.mock.lastCall?.[0]).toEqual({ mode: 'fast' })
  })

  it('switches between the branches of a choice, and hides its discriminator', async () => {
    const branch = (kind: string, field: string): RJSFSchema =>
      object(
        { kind: { const: kind, default: kind }, [field]: { type: 'string', title: field } },
        { title: kind },
      )
    const schema = object({
      source: { title: 'Source', oneOf: [branch('Web', 'address'), branch('Text', 'body')] },
    })
    const { user, submit, onSubmit } = show(schema)
    await user.type(screen.getByLabelText(/^address/), 'x')
    await user.selectOptions(screen.getByLabelText('Source'), 'Text')
    expect(screen.queryByLabelText(/^address/)).toBeNull()
    await user.type(screen.getByLabelText(/^body/), 'y')
    await submit()
    expect(onSubmit.mock.lastCall?.[0]).toEqual({ source: { kind: 'Text', body: 'y' } })
  })

  it('adds, moves and removes the entries of a list', async () => {
    const schema = object({ tags: { type: 'array', title: 'Tags', items: { type: 'string' } } })
    const { user, submit, onSubmit } = show(schema, { initial: { tags: ['a', 'b'] } })
    await user.click(screen.getByRole('button', { name: 'Move item 2 up' }))
    await user.click(screen.getByRole('button', { name: 'Add to Tags' }))
    await user.type(screen.getAllByRole('textbox')[2] as HTMLElement, 'c')
    await user.click(screen.getByRole('button', { name: 'Remove item 2' }))
    await submit()
    expect(onSubmit.mock.lastCall?.[0]).toEqual({ tags: ['b', 'c'] })
  })

  it('offers every kind of field, each with a name', async () => {
    const schema = object(
      {
        text: { type: 'string', title: 'Text' },
        notes: { type: 'string', title: 'Notes' },
        secret: { type: 'string', format: 'password', title: 'Secret' },
        level: { type: 'integer', title: 'Level', minimum: 0, maximum: 10 },
        mode: { type: 'string', title: 'Mode', enum: ['a', 'b'] },
        on: { type: 'boolean', title: 'On', description: 'Turns it on.' },
        many: {
          type: 'array',
          title: 'Many',
          uniqueItems: true,
          items: { type: 'string', enum: ['x', 'y'] },
        },
        day: { type: 'string', format: 'date', title: 'Day' },
        when: { type: 'string', format: 'date-time', title: 'When' },
        tint: { type: 'string', format: 'color', title: 'Tint' },
        file: { type: 'string', format: 'upload', title: 'File' },
        group: object({ inner: { type: 'string', title: 'Inner' } }, { title: 'Group' }),
      },
      { required: ['text'] },
    )
    const uiSchema = {
      notes: { 'ui:widget': 'textarea' },
      level: { 'ui:widget': 'range' },
      mode: { 'ui:widget': 'radio' },
      many: { 'ui:widget': 'checkboxes' },
    }
    const { user, submit, onSubmit, container } = show(schema, { uiSchema })
    expect(screen.getByLabelText(/^Secret/)).toHaveAttribute('type', 'password')
    await user.click(screen.getByRole('button', { name: 'Show' }))
    expect(screen.getByLabelText(/^Secret/)).toHaveAttribute('type', 'text')
    await user.type(screen.getByLabelText(/^Text/), 't')
    await user.click(within(screen.getByRole('radiogroup', { name: /^Mode/ })).getByLabelText('b'))
    await user.click(screen.getByLabelText('On'))
    await user.click(within(screen.getByRole('group', { name: /^Many/ })).getByLabelText('y'))
    expect(await axe(container)).toEqual([])
    await submit()
    expect(onSubmit.mock.lastCall?.[0]).toMatchObject({ text: 't', mode: 'b', on: true, many: ['y'] })
  })
})

describe('files', () => {
  const schema = object({ file: { type: 'string', format: 'upload', title: 'File' } }, { required: ['file'] })

  it('are sent at once; the form keeps the id', async () => {
    server.use(
      http.post(at('/uploads'), () =>
        HttpResponse.json({ upload_id: 'u1', name: 'a.csv', size: 2_000, sha256: '' }, { status: 201 }),
      ),
    )
    const { user, submit, onSubmit, container } = show(schema)
    const input = container.querySelector('input[type=file]') as HTMLInputElement
    await user.upload(input, new File(['x'], 'a.csv'))
    expect(await screen.findByText('a.csv')).toBeVisible()
    expect(screen.getByText('2.0 KB')).toBeVisible()
    await submit()
    expect(onSubmit.mock.lastCall?.[0]).toEqual({ file: 'u1' })
    await user.click(screen.getByRole('button', { name: 'Remove the file' }))
    expect(await screen.findByText('Choose a file')).toBeVisible()
  })

  it('that are refused say why, and leave the field empty', async () => {
    server.use(http.post(at('/uploads'), () => problem(413, 'Too large', { detail: 'At most 50 MB.' })))
    const { user, container } = show(schema)
    const input = container.querySelector('input[type=file]') as HTMLInputElement
    await user.upload(input, new File(['x'], 'big.csv'))
    expect(await screen.findByRole('alert')).toHaveTextContent('big.csv: At most 50 MB.')
  })

  it('of an earlier run are named by the API', async () => {
    server.use(
      http.get(at('/uploads/u7'), () =>
        HttpResponse.json({ upload_id: 'u7', name: 'old.csv', size: 1, sha256: '' }),
      ),
    )
    show(schema, { initial: { file: 'u7' } })
    expect(await screen.findByText('old.csv')).toBeVisible()
  })
})
