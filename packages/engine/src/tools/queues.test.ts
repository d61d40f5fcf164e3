import { describe, expect, it } from 'vitest'
import { lacksOf, queuesOf } from './queues.ts'
import type { Jdk, Tools } from './tool.ts'

const tool = { name: 'x', version: '1', path: '/x', binds: [] }
const bare: Tools = { node: tool, nodes: [tool], pythons: [], jdks: [], sh: tool }
const jdk = (release: number): Jdk => ({
  ...tool,
  release,
  home: '/j',
  java: '/j/java',
  javac: '/j/javac',
  jar: '/j/jar',
})

describe('queuesOf', () => {
  it('takes Node.js and custom builds everywhere', () => {
    expect(queuesOf(bare)).toEqual(['nodejs', 'custom'])
  })

  it('takes Python builds with any Python or with uv, Go builds with Go', () => {
    const python = { ...tool, hasPip: false, hasVenv: false }
    expect(queuesOf({ ...bare, pythons: [python] })).toContain('python')
    expect(queuesOf({ ...bare, uv: tool })).toContain('python')
    expect(queuesOf({ ...bare, go: tool })).toContain('go')
    expect(queuesOf({ ...bare, maven: tool, cc: tool })).toEqual(['nodejs', 'custom'])
  })

  it('takes Java builds of each release from 8 to its newest JDK', () => {
    const queues = queuesOf({ ...bare, jdks: [jdk(11), jdk(8)] })
    expect(queues.slice(2)).toEqual(['java-8', 'java-9', 'java-10', 'java-11'])
  })

  it('takes no queue of a version that the platform does not have', () => {
    const versions = ['8', '11', '17', '21'].map((version) => ({ version }))
    const queues = queuesOf({ ...bare, jdks: [jdk(17)] }, { runtimes: { java: { versions } } })
    expect(queues.slice(2)).toEqual(['java-8', 'java-11', 'java-17'])
  })
})

describe('lacksOf', () => {
  const versions = ['8', '17', '21'].map((version) => ({ version }))
  const profile = { runtimes: { java: { versions } } }

  it('says of each queue that is not taken what is missing and how to get it', () => {
    const lacks = lacksOf(bare, profile)
    expect(Object.keys(lacks)).toEqual(['python', 'go', 'java-8', 'java-17', 'java-21'])
    expect(lacks.go).toMatch(/^no Go here \((apt-get|brew) install \S+\)$/)
    expect(lacks['java-8']).toMatch(/^no JDK here \((apt-get|brew) install \S+\)$/)
  })

  it('tells an old JDK from none, and says nothing of what is taken', () => {
    const lacks = lacksOf({ ...bare, go: tool, uv: tool, jdks: [jdk(17)] }, profile)
    expect(lacks).toEqual({ 'java-21': 'no JDK 21 here, only 17 (install a newer one)' })
  })
})
