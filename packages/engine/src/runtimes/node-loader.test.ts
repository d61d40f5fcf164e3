import { existsSync } from 'node:fs'
import { loadProfile } from '@packline/profiles'
import { expect, test } from 'vitest'
import { insideOf, loaderBinds, platformEnvironment } from './node-loader.ts'

test("a loader's files are shown beside each other, with what its Node.js needs", () => {
  const node = { name: 'Node.js', version: '24.1.0', path: '/n/bin/node', binds: ['/n'] }
  const binds = loaderBinds(['http-probe.mjs', 'probe-teller.mjs'], import.meta.url, node)
  expect(binds.map(({ to }) => to)).toEqual([
    insideOf('http-probe.mjs'),
    insideOf('probe-teller.mjs'),
    '/n',
  ])
  expect(binds.slice(0, 2).every(({ from }) => existsSync(from))).toBe(true)
})

test("what the platform tells its programs is the profile's", async () => {
  const profile = { ...(await loadProfile('ctyun-functiongraph')), codeRoot: '/code' }
  expect(platformEnvironment(profile)).toMatchObject({ RUNTIME_CODE_ROOT: '/code' })
})
