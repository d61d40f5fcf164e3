import { PacklineError } from '@packline/shared'
import { describe, expect, it } from 'vitest'
import type { ToolResult } from '../process/command.ts'
import type { Stage } from '../runtimes/runtime.ts'
import { withRefused } from './refused.ts'

const STAGE: Stage = {
  name: 'npm ci',
  argv: ['npm'],
  network: 'registries',
  tools: [],
  because: '',
  failure: 'INSTALL_FAILED',
}
const result = (...refused: string[]): ToolResult => {
  return { exitCode: 1, signal: null, ms: 1, stdout: '', stderr: '', output: ['said'], refused }
}
const SERVER = 'git.example:443'

describe('a stage that was kept from a server', () => {
  it('fails for that, where the tool takes the registry for silent or says nothing', () => {
    const silent = new PacklineError('REGISTRY_UNAVAILABLE', 'no answer')
    for (const found of [undefined, silent]) {
      expect(withRefused(found, STAGE, result(SERVER))).toMatchObject({
        code: 'INSTALL_FAILED',
        message: `npm ci asked for ${SERVER}, which is no registry of this worker`,
        hint: expect.stringContaining('PACKLINE_REGISTRY_HOSTS'),
        output: ['said'],
        zh: { detail: expect.stringContaining(SERVER) },
      })
    }
  })

  it('keeps what is said of the dependency, and names the server beside it', () => {
    const found = new PacklineError('DEPENDENCY_NOT_FOUND', 'no a', { output: ['a'] })
    expect(withRefused(found, STAGE, result(SERVER))).toMatchObject({
      code: 'DEPENDENCY_NOT_FOUND',
      message: `no a; it asked for ${SERVER}, which is no registry of this worker`,
      output: ['a'],
    })
  })

  it('names a few where it asked for many', () => {
    const many = Array.from({ length: 20 }, (_, port) => `host:${port}`)
    const { message = '' } = withRefused(undefined, STAGE, result(...many)) ?? {}
    expect(message).toContain('host:0, host:1, host:2, which')
  })

  it('is not blamed on the network where the code is at fault, or where it was kept from none', () => {
    const found = new PacklineError('COMPILE_FAILED', 'a.go:1')
    expect(withRefused(found, STAGE, result(SERVER))).toBeUndefined()
    expect(withRefused(undefined, STAGE, result())).toBeUndefined()
    const { refused: _, ...unfenced } = result()
    expect(withRefused(undefined, STAGE, unfenced)).toBeUndefined()
  })
})

describe('a stage whose registry did not answer', () => {
  const unreached = { ...result(), unreached: [SERVER] }

  it('fails for that, where its tool takes the dependency for absent or says nothing', () => {
    const absent = new PacklineError('DEPENDENCY_NOT_FOUND', 'no a')
    for (const found of [undefined, absent]) {
      expect(withRefused(found, STAGE, unreached)).toMatchObject({
        code: 'REGISTRY_UNAVAILABLE',
        message: `npm ci found no answer at ${SERVER}`,
        output: ['said'],
      })
    }
  })

  it('fails as its tool says where that is no matter of the network', () => {
    const found = new PacklineError('COMPILE_FAILED', 'a.go:1')
    expect(withRefused(found, STAGE, unreached)).toBeUndefined()
    const silent = new PacklineError('REGISTRY_UNAVAILABLE', 'as the tool said it')
    expect(withRefused(silent, STAGE, unreached)).toBeUndefined()
  })
})
