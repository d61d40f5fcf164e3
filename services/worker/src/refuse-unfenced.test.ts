import { findIsolation } from '@packline/engine'
import { describe, expect, test } from 'vitest'
import { refuseUnfenced, withRefusals } from './refuse-unfenced.ts'
import type { WorkerEngine } from './worker-engine.ts'

const none = await findIsolation({ unsandboxed: true })
const sandbox = { ...none, kind: 'sandbox', description: 'bubblewrap 0.8.0' } as const

function told(isolation: WorkerEngine['isolation'], unsandboxed: WorkerEngine['unsandboxed']) {
  return () => refuseUnfenced({ isolation, unsandboxed }, 'acme')
}

describe('a worker without a sandbox', () => {
  test('refuses what others send, says why in both languages, and that it is not their fault', () => {
    for (const tenant of [undefined, 'dev']) {
      const isolation = withRefusals(none, { tenant })
      expect(told(isolation, { tenant })).toThrow(
        expect.objectContaining({
          code: 'SANDBOX_FAILED',
          message: `This worker builds nothing that others send: ${isolation.description}`,
          hint: expect.stringContaining('PACKLINE_UNSANDBOXED=1'),
          zh: {
            detail: expect.stringContaining('不构建他人提交的代码'),
            hint: expect.stringContaining('PACKLINE_UNSANDBOXED=1'),
          },
        }),
      )
    }
  })

  test('builds for the tenant that is named, and for all where the operator says so', () => {
    expect(told(none, { tenant: 'acme' })).not.toThrow()
    expect(told(none, 'everybody')).not.toThrow()
    expect(told(sandbox, { tenant: undefined })).not.toThrow()
  })

  test('says of itself whose builds it takes', () => {
    const of = (unsandboxed: WorkerEngine['unsandboxed']) => {
      return withRefusals(none, unsandboxed).description.split('; ')[1]
    }
    expect(of({ tenant: undefined })).toBe('all builds are refused')
    expect(of({ tenant: 'dev' })).toBe('builds of others than dev are refused')
    expect(of('everybody')).toBe('builds of everybody run without one')
    expect(withRefusals(sandbox, { tenant: undefined })).toBe(sandbox)
  })
})
