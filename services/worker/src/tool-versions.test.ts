import type { Tools } from '@packline/engine'
import { expect, test } from 'vitest'
import { toolVersions } from './tool-versions.ts'

const tool = (name: string, version: string) => ({ name, version, path: `/${name}`, binds: [] })

test('names each tool chain that is there with every version of it', () => {
  const python = (version: string) => ({ ...tool('Python', version), hasPip: true, hasVenv: true })
  const tools: Tools = {
    node: tool('Node.js', '24.21.0'),
    nodes: [tool('Node.js', '24.21.0'), tool('Node.js', '20.19.0')],
    pythons: [python('3.12.1'), python('3.10.13')],
    jdks: [],
    go: tool('Go', '1.26.0'),
    uv: undefined,
    sh: tool('sh', 'POSIX'),
  }
  expect(toolVersions(tools)).toEqual({
    node: '24.21.0',
    nodes: '24.21.0, 20.19.0',
    pythons: '3.12.1, 3.10.13',
    go: '1.26.0',
    sh: 'POSIX',
  })
})
