import { buildRequestSchema } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import { type ServerOptions, serverRequest } from './server-request.ts'

const SOURCE = { kind: 'inline', files: { 'index.js': '' } } as const
const OPTIONS: ServerOptions = { name: 'hello', type: 'event', architecture: 'x86_64', load: true }

describe('a request for a server', () => {
  test('says what the options say, and leaves the rest to the server', () => {
    const request = serverRequest(SOURCE, 'nodejs', OPTIONS)
    expect(request).toEqual({
      function: 'hello',
      runtime: 'nodejs',
      type: 'event',
      architecture: 'x86_64',
      handler: 'index.handler',
      build: { load: true },
      source: SOURCE,
    })
    expect(buildRequestSchema.safeParse(request).success).toBe(true)
  })

  test('has labels, dependency packages and whatever else a build takes', () => {
    const more = { label: ['a=1', 'b=x=y'], dependency: ['libs@2'], split: true, timeout: 60 }
    const request = serverRequest(SOURCE, 'python', { ...OPTIONS, ...more, priority: 'bulk' })
    expect(request).toMatchObject({
      labels: { a: '1', b: 'x=y' },
      dependencies: ['libs@2'],
      priority: 'bulk',
      build: { split: true, timeoutSeconds: 60 },
    })
  })

  test.each([
    [{ label: ['nothing'] }, '--label is "nothing"; expected name=value'],
    [{ name: '1' }, '--name: must be a letter'],
    [{ dependency: ['a@b'] }, 'dependencies[0]: must be name@revision'],
  ])('that %j is refused before anything is sent', (more, message) => {
    expect(() => serverRequest(SOURCE, 'nodejs', { ...OPTIONS, ...more })).toThrow(message)
  })
})
