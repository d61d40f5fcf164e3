import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { findOnPath, unpackedPrograms, unpackPrograms } from '@packline/setup'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../harness/temporary-folder.ts'

const BUBBLEWRAP = { package: 'bubblewrap', program: 'bwrap' }
const REDIS = { package: 'redis-server', program: 'redis-server' }

describe('packages of Debian and Ubuntu', () => {
  test('unpacks many in one go, in a folder with spaces, and they run', async (context) => {
    if (!findOnPath(process.env, 'apt-get')) context.skip('neither Debian nor Ubuntu')
    const folder = path.join(temporaryFolder(), 'un packed')
    const wanted = [BUBBLEWRAP, REDIS]
    const programs = await unpackPrograms(wanted, { folder, environment: process.env })
    expect(programs).toEqual([`${folder}/bin/bwrap`, `${folder}/bin/redis-server`])
    for (const program of programs) {
      const { status, stdout } = spawnSync(program, ['--version'], { env: {}, encoding: 'utf8' })
      expect(status, stdout).toBe(0)
    }
    // Later calls ask nobody.
    const again = await unpackPrograms(wanted, { folder, environment: { PATH: '/nonexistent' } })
    expect(again).toEqual(programs)
    expect(unpackedPrograms([REDIS], folder)).toEqual([programs[1]])
    expect(existsSync(path.join(folder, 'lock'))).toBe(false)
  })
})
