import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/harness/temporary-folder.ts'
import { findBwrap, findRedisServer } from './find-unpacked.ts'

async function program(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, '#!/bin/sh\n', { mode: 0o755 })
  return path
}

test('bubblewrap is the one named, else that of PATH, else the one unpacked in the clone', async () => {
  const clone = temporaryFolder()
  // Root's builds run as other users, who have to get there.
  await chmod(clone, 0o755)
  const onPath = await program(join(clone, 'bin/bwrap'))
  const unpacked = await program(join(clone, '.local/debian/bin/bwrap'))
  const environment = { PATH: dirname(onPath), PACKLINE_BWRAP: '/opt/bwrap' }
  expect(findBwrap(environment, clone)).toBe('/opt/bwrap')
  expect(findBwrap({ PATH: dirname(onPath) }, clone)).toBe(onPath)
  expect(findBwrap({ PATH: '' }, clone)).toBe(unpacked)
  expect(findBwrap({ PATH: '' }, join(clone, 'bin'))).toBeUndefined()
})

test('Redis is that of PATH, else the one that npm start has unpacked in the clone', async () => {
  const clone = temporaryFolder()
  const onPath = await program(join(clone, 'bin/valkey-server'))
  expect(findRedisServer({ PATH: '' }, clone)).toBeUndefined()
  const unpacked = await program(join(clone, '.local/debian/bin/redis-server'))
  expect(findRedisServer({ PATH: '' }, clone)).toBe(unpacked)
  expect(findRedisServer({ PATH: dirname(onPath) }, clone)).toBe(onPath)
})
