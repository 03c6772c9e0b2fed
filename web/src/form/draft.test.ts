import type { RJSFSchema } from '@rjsf/utils'
import { expect, it } from 'vitest'
import { clearDraft, loadDraft, saveDraft } from './draft'
import { withoutMasked } from './sensitive'

const schema: RJSFSchema = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    token: { type: 'string', format: 'password' },
    accounts: {
      type: 'array',
      items: { type: 'object', properties: { pin: { type: 'string', writeOnly: true } } },
    },
  },
}

it('keeps what was typed, but no secret at any depth', () => {
  saveDraft('a@1', { name: 'x', token: 's3cret', accounts: [{ pin: '1234', no: 1 }] }, schema)
  expect(loadDraft('a@1')).toEqual({ name: 'x', accounts: [{ no: 1 }] })
  expect(JSON.stringify({ ...sessionStorage })).not.toMatch(/s3cret|1234/)
  clearDraft('a@1')
  expect(loadDraft('a@1')).toBeNull()
})

it('does not hand a mask on as if it were the secret', () => {
  expect(withoutMasked({ token: '********', deep: [{ pin: '********', n: 1 }] })).toEqual({
    deep: [{ n: 1 }],
  })
})
