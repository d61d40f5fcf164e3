import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { NEEDS } from './harness/needs.ts'

const SCRIPT = readFileSync(path.resolve(import.meta.dirname, '../.ci/run'), 'utf8')
/** What .ci/run may take for granted: Node.js, Go, JDK 17, Maven and Python. */
const GIVEN = ['nodejs', 'golang', 'openjdk-17-jdk', 'maven', 'python3']
/** Every Debian has them: they are essential. */
const ESSENTIAL = ['bash', 'bsdutils']
/** Found, unpacked or built by `npm test` itself. */
const OF_THE_SETUP = ['run by npm test', 'redis-server']

test('.ci/run installs all that a test fails without when CI=true', () => {
  const installed = [...SCRIPT.matchAll(/^ *need (\S+) \S/gm)].map(([, name = '']) => name)
  const demanded = Object.values(NEEDS).flatMap((need) => {
    return 'isOptional' in need && need.isOptional ? [] : [need.install]
  })
  expect(installed.length).toBeGreaterThan(5)
  const known = new Set([...installed, ...GIVEN, ...ESSENTIAL, ...OF_THE_SETUP])
  expect(demanded.filter((name) => !known.has(name))).toEqual([])
})
