import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PULLED_FILE } from '@packline/shared'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readPulled, writePulled } from './pulled.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline pulled '))
})
afterEach(() => rm(folder, { recursive: true }))

const origin = { url: 'http://127.0.0.1:8080', function: 'hello' }

test('what was pulled is known again, of this function and server alone', async () => {
  expect(await readPulled(folder, origin)).toBeUndefined()
  const pulled = { ...origin, version: 3, files: new Map([['a/b.js', 'aa']]) }
  await writePulled(folder, pulled)
  expect(await readPulled(folder, origin)).toEqual(pulled)
  expect(await readPulled(folder, { ...origin, function: 'other' })).toBeUndefined()
  expect(await readPulled(folder, { ...origin, url: 'http://other' })).toBeUndefined()
  expect(await readdir(folder)).toEqual([PULLED_FILE])
})

test.each(['', '[]', 'null', '{"url":"a"}', '{"url":"a","function":"b","version":1.5,"files":{}}'])(
  'a file that says %j is named, with what to do',
  async (text) => {
    await writeFile(join(folder, PULLED_FILE), text)
    await expect(readPulled(folder, origin)).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      message: expect.stringContaining(PULLED_FILE),
      hint: 'Remove it, and pull again.',
    })
  },
)
