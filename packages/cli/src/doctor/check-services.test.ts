import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../../test/harness/temporary-folder.ts'
import { checkRedis } from './check-services.ts'

test('Redis is fine where npm start has unpacked one in the clone, else it is told how to get one', async () => {
  const clone = temporaryFolder()
  const bare = { PATH: '' }
  const tool = process.platform === 'darwin' ? 'brew install' : 'apt-get install'
  const lacking = { state: 'lacks', mend: expect.stringMatching(`^${tool} `) }
  expect(await checkRedis(bare, clone)).toMatchObject(lacking)
  const folder = join(clone, '.local/debian/bin')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'redis-server'), '#!/bin/sh\n', { mode: 0o755 })
  const said = join(folder, 'redis-server')
  expect(await checkRedis(bare, clone)).toEqual({ name: 'redis', state: 'fine', said })
})
