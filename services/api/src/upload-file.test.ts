import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { removeLeftUploads, uploadFile } from './upload-file.ts'

let scratch: string
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'packline-uploads-'))
})
afterAll(() => rm(scratch, { recursive: true }))

test('uploads of services that are gone are removed, other files stay', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  const own = basename(uploadFile(scratch))
  const dead = own.replace(String(process.pid), String(pid))
  const living = own.replace(String(process.pid), '1')
  const others = ['upload-1', 'worker-1', 'upload-x-y', `x${dead}`]
  for (const name of [own, dead, living, ...others]) await writeFile(join(scratch, name), '')
  await removeLeftUploads(scratch)
  // A file of our own number was left by who had it before: we have just started.
  expect((await readdir(scratch)).toSorted()).toEqual([living, ...others].toSorted())
})

test('a folder that is not there yet is no fault', async () => {
  await expect(removeLeftUploads(join(scratch, 'missing'))).resolves.toBeUndefined()
})
