import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/harness/temporary-folder.ts'
import { findOnPath, isExecutable } from './find-on-path.ts'

/** Folders with files of these names; a name that ends in `*` may be run. */
function folders(...contents: string[][]): string[] {
  return contents.map((names) => {
    const folder = temporaryFolder()
    for (const name of names) {
      const file = path.join(folder, name.replace('*', ''))
      writeFileSync(file, '#!/bin/sh\n')
      if (name.endsWith('*')) chmodSync(file, 0o755)
    }
    return folder
  })
}

describe('findOnPath', () => {
  test('answers the first executable file of the name', () => {
    const [first, second, third] = folders(['redis-server'], ['redis-server*'], ['redis-server*'])
    const PATH = [first, second, third].join(':')
    expect(findOnPath({ PATH }, 'redis-server')).toBe(`${second}/redis-server`)
  })

  test('goes by the order of the names before that of the folders', () => {
    const [first, second] = folders(['valkey-server*'], ['redis-server*'])
    const PATH = [first, second].join(':')
    expect(findOnPath({ PATH }, 'redis-server', 'valkey-server')).toBe(`${second}/redis-server`)
    expect(findOnPath({ PATH }, 'none', 'valkey-server')).toBe(`${first}/valkey-server`)
  })

  test('answers nothing where nothing is, and without a PATH', () => {
    expect(findOnPath({ PATH: '/nonexistent' }, 'redis-server')).toBeUndefined()
    expect(findOnPath({}, 'sh')).toBeUndefined()
  })
})

test('isExecutable is no for a folder, though that can be entered', () => {
  const folder = path.join(temporaryFolder(), 'minio')
  mkdirSync(folder)
  expect(isExecutable(folder)).toBe(false)
})
