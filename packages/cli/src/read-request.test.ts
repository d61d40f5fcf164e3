import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadProfile } from '@packline/profiles'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { chooseLocalRuntime } from './choose-local-runtime.ts'
import { nameOf, readRequest } from './read-request.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline-request-'))
})
afterEach(() => rm(folder, { recursive: true }))

const source = (path = folder) => ({ kind: 'folder', path }) as const
const choose = (runtime?: string) => chooseLocalRuntime(source(), 'fn', { runtime })

describe('the runtime', () => {
  test('is the one that the files show, with the reason', async () => {
    await writeFile(join(folder, 'go.mod'), 'module x\n')
    expect(await choose()).toEqual({ runtime: 'go', because: 'go.mod' })
    expect(await choose('java')).toEqual({ runtime: 'java', because: '--runtime' })
  })

  test('is not told by what no package takes, nor by an earlier package', async () => {
    await mkdir(join(folder, '.git'))
    await writeFile(join(folder, '.git/index.js'), '')
    await writeFile(join(folder, 'fn.jar'), '')
    const leaveOut = [join(folder, 'fn.jar')]
    const choice = chooseLocalRuntime({ ...source(), leaveOut }, 'fn', {})
    await expect(choice).rejects.toMatchObject({ code: 'RUNTIME_NOT_DETECTED' })
  })

  test('is asked for where nothing is there, several fit, or there is none of the name', async () => {
    await expect(choose()).rejects.toThrow('There is nothing in fn')
    await writeFile(join(folder, 'index.py'), '')
    await writeFile(join(folder, 'index.js'), '')
    await expect(choose()).rejects.toThrow('fn could be nodejs (index.js) or python (index.py)')
    await expect(choose('ruby')).rejects.toMatchObject({ code: 'UNKNOWN_RUNTIME' })
  })

  test('says how many more names there are in a folder that holds none of its files', async () => {
    const names = Array.from({ length: 9 }, (_, index) => `${index}.txt`)
    for (const name of names) await writeFile(join(folder, name), '')
    await expect(choose()).rejects.toThrow(/fn holds (\d\.txt, ){8}\.\.\.$/)
  })
})

describe('the request', () => {
  const OPTIONS = { type: 'event', architecture: 'x86_64', load: true, name: 'hello' }

  test('has what nearly every function of the runtime has', async () => {
    const profile = await loadProfile('ctyun-functiongraph')
    const handlerOf = (runtime: Parameters<typeof readRequest>[1], type = 'event') =>
      readRequest(source(), runtime, { ...OPTIONS, type }, profile).handler
    expect([handlerOf('nodejs'), handlerOf('python'), handlerOf('custom')]).toEqual([
      ...['index.handler', 'index.handler', 'bootstrap'],
    ])
    expect(handlerOf('nodejs', 'http')).toBeUndefined()
    expect(() => handlerOf('java')).toThrow('handler is missing')
  })

  test('takes every option, and keeps its source', async () => {
    const profile = await loadProfile('ctyun-functiongraph')
    const options = {
      ...OPTIONS,
      runtimeVersion: '1.x',
      handler: 'hello.Handler',
      mode: 'plugin',
      module: 'app',
      load: false,
      timeout: 7,
      unwrap: false,
    }
    expect(readRequest(source(), 'go', options, profile)).toMatchObject({
      function: 'hello',
      version: '1.x',
      handler: 'hello.Handler',
      source: { kind: 'folder', path: folder },
      build: { mode: 'plugin', module: 'app', load: false, timeoutSeconds: 7, unwrap: false },
    })
  })

  test('the command of a build and the event of a test are part of it', async () => {
    const profile = await loadProfile('ctyun-functiongraph')
    const options = { ...OPTIONS, buildCommand: ['make', 'dist'], testEvent: null, testExpect: 1 }
    expect(readRequest(source(), 'custom', options, profile)).toMatchObject({
      build: { command: ['make', 'dist'] },
      test: { event: null, expect: 1 },
    })
    const { testEvent: _event, ...half } = options
    expect(() => readRequest(source(), 'custom', half, profile)).toThrow('no --test-event')
  })
})

test.each([
  ['/code/hello', 'hello'],
  ['/code/My Function (2)', 'My-Function-2'],
  ['/code/2024-hello', 'hello'],
  ['/code/你好', 'function'],
  ['/', 'function'],
  [`/code/${'x'.repeat(200)}`, 'x'.repeat(96)],
])('a folder %s makes the function %s', (path, name) => {
  expect(nameOf(path)).toBe(name)
})
