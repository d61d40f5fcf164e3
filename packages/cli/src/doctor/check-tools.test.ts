import type { Isolation, Tools } from '@packline/engine'
import { loadProfile } from '@packline/profiles'
import { describe, expect, test } from 'vitest'
import { checkSandbox, checkTools } from './check-tools.ts'

const profile = await loadProfile('ctyun-functiongraph')
const tool = (name: string, version: string) => ({ name, version, path: `/${name}`, binds: [] })
const python = (version: string, hasPip: boolean) => ({
  ...tool('Python', version),
  hasPip,
  hasVenv: false,
})
const jdk = (release: number) => ({
  ...tool('JDK', `${release}.0.1`),
  release,
  home: '',
  java: '',
  javac: '',
  jar: '',
})
const node = tool('Node.js', '24.21.0')
const BARE: Tools = { node, nodes: [node], pythons: [], jdks: [], sh: tool('sh', '') }

function rowOf(tools: Partial<Tools>, name: string) {
  return checkTools({ ...BARE, ...tools }, profile).find((one) => one.name === name)
}

describe('a tool chain', () => {
  test('that is there is fine, with its versions', () => {
    expect(rowOf({ npm: tool('npm', '11.6.2') }, 'nodejs')).toEqual({
      name: 'nodejs',
      state: 'fine',
      said: 'Node.js 24.21.0, npm 11.6.2',
    })
    expect(rowOf({ jdks: [jdk(25), jdk(17)] }, 'java')?.said).toBe('JDK 25.0.1, 17.0.1')
    expect(rowOf({ pythons: [], uv: tool('uv', '0.9') }, 'python')).toMatchObject({
      state: 'fine',
      said: 'uv 0.9',
    })
  })

  test.each([
    ['nodejs', {}, 'no npm here'],
    ['python', {}, 'no Python here'],
    ['python', { pythons: [python('3.11', false)] }, 'no pip for Python here'],
    ['java', {}, 'no JDK here'],
    ['maven', {}, 'no Maven here'],
    ['go', {}, 'no Go here'],
    ['cc', {}, 'no C compiler here'],
    ['git', {}, 'no git here'],
  ])('%s with %j is told with the line that mends it', (name, tools, said) => {
    const row = rowOf(tools, name)
    expect(row).toMatchObject({ state: 'lacks', said })
    expect(row?.mend).toMatch(/^(apt-get|brew) install /)
  })

  test('of an old JDK is fine, and what it is too old for has a row of its own', () => {
    expect(rowOf({ jdks: [jdk(11)] }, 'java')?.state).toBe('fine')
    expect(rowOf({ jdks: [jdk(11)] }, 'java-17')).toEqual({
      name: 'java-17',
      state: 'lacks',
      said: 'no JDK 17 here, only 11',
      mend: 'install a newer one',
    })
    // Without any there is one row, not one per version.
    expect(rowOf({}, 'java-17')).toBeUndefined()
  })
})

describe('the sandbox', () => {
  const found = (kind: 'sandbox' | 'none', description: string) =>
    checkSandbox({ kind, description } as Isolation)

  test('is fine, or says what mends it, or what its absence means', () => {
    expect(found('sandbox', 'bubblewrap 0.8.0')).toMatchObject({ state: 'fine' })
    const lacking = 'no sandbox: bubblewrap is missing (apt-get install bubblewrap)'
    expect(found('none', lacking)).toEqual({
      name: 'sandbox',
      state: 'lacks',
      said: 'bubblewrap is missing',
      mend: 'apt-get install bubblewrap',
    })
    expect(found('none', 'no sandbox: it is made by Linux only').mend).toContain(
      'only what you trust',
    )
  })
})
