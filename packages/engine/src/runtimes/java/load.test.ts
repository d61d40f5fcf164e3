import type { BuildRequestInput } from '@packline/shared'
import { describe, expect, it } from 'vitest'
import { orderOf, subjectOf } from '../../../../../test/harness/subject.ts'
import type { Jdk } from '../../tools/tools.ts'
import { load } from './load.ts'

function jdk(release: number): Jdk {
  const home = `/usr/lib/jvm/jdk-${release}`
  const [java, javac, jar] = [`${home}/bin/java`, `${home}/bin/javac`, `${home}/bin/jar`]
  const version = `${release}.0.1`
  return { name: 'JDK', version, release, path: home, home, java, javac, jar, binds: ['/etc/j'] }
}

async function loaded(version: string, releases: number[], more: Partial<BuildRequestInput> = {}) {
  const handler = 'com.example.Hello.handle'
  const tools = { jdks: releases.map(jdk) }
  const order = await orderOf({ runtime: 'java', version, handler, ...more }, tools)
  return load(await subjectOf(order, { 'hello.jar': '' }))
}

describe('load', () => {
  it('is the loader, compiled once, in the JVM of the same release', async () => {
    const initializer = 'com.example.Hello.start'
    const check = await loaded('17', [25, 17], { initializer })
    if (check.kind !== 'command') throw new Error(check.because.en)
    expect(check).toMatchObject({ loadedBy: { en: 'Java 17.0.1' }, same: true, because: undefined })
    expect(check.argv[0]).toBe('/usr/lib/jvm/jdk-17/bin/java')
    expect(check.argv.slice(-3)).toEqual(['com.example.Hello', 'handle', 'initializer=start'])
    expect(check.binds).toEqual([{ from: '/etc/j', to: '/etc/j' }])
    const { stage, product } = check.prepare ?? {}
    expect(product?.to).toBe('/packline/loader')
    expect(product?.from).toMatch(/^\/cache\/java\/loader-17\.0\.1-[0-9a-f]{16}$/)
    expect(stage?.network).toBe('none')
    expect(stage?.argv).toContain('/usr/lib/jvm/jdk-17/bin/javac')
    expect(stage?.argv.some((word) => word.endsWith('/runtime/Context.java'))).toBe(true)
  })

  it('takes the newest JVM where that release is missing, and says so', async () => {
    expect(await loaded('11', [25, 17])).toMatchObject({
      loadedBy: { en: 'Java 25.0.1' },
      same: false,
      because: { en: 'the request says Java 11' },
    })
  })

  it('has no JVM for a newer release, nor one that is too old for the loader', async () => {
    const because = { en: 'this worker has no JDK for Java 21' }
    expect(await loaded('21', [17])).toMatchObject({ kind: 'unavailable', because })
    expect(await loaded('8', [8])).toMatchObject({ kind: 'unavailable' })
  })
})
