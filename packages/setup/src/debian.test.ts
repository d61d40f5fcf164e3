import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/harness/temporary-folder.ts'
import { unpackedPrograms, unpackPrograms } from './debian.ts'

const REDIS = { package: 'redis-server', program: 'redis-server' }
const withoutNetwork = { PATH: '/usr/bin:/bin', http_proxy: 'http://127.0.0.1:1' }

describe('unpackPrograms', () => {
  test('says so where there is no apt-get', async () => {
    const environment = { PATH: '/nonexistent' }
    const unpack = unpackPrograms([REDIS], { folder: temporaryFolder(), environment })
    await expect(unpack).rejects.toThrow('this is neither Debian nor Ubuntu (no apt-get)')
  })

  test('says so when no package list can be fetched, and leaves no lock', async () => {
    const folder = temporaryFolder()
    const bin = path.join(folder, 'bin of the system')
    mkdirSync(bin)
    // What apt-get does without a network: it warns, and calls it a success.
    writeFileSync(path.join(bin, 'apt-get'), '#!/bin/sh\necho "W: Failed to fetch"\n')
    writeFileSync(path.join(bin, 'dpkg-deb'), '#!/bin/sh\n')
    for (const name of ['apt-get', 'dpkg-deb']) chmodSync(path.join(bin, name), 0o755)
    const environment = { ...withoutNetwork, PATH: `${bin}:/usr/bin:/bin` }
    const unpack = unpackPrograms([REDIS], { folder, environment })
    await expect(unpack).rejects.toThrow('package lists can not be fetched')
    expect(existsSync(path.join(folder, 'lock'))).toBe(false)
    expect(unpackedPrograms([REDIS], folder)).toBeUndefined()
  })
})
