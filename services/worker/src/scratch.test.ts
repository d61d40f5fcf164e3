import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ownScratch, removeLeftovers } from './scratch.ts'

let scratch: string
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'packline-scratch-'))
})
afterEach(() => rm(scratch, { recursive: true, force: true }))

async function makeFolder(name: string): Promise<void> {
  await mkdir(join(scratch, name, 'build-x', 'source'), { recursive: true })
  await writeFile(join(scratch, name, 'build-x', 'source', 'index.js'), '')
}

test("a living worker's folder stays, one of an ended process goes, others are not ours", async () => {
  const child = spawn('/bin/true')
  await once(child, 'exit')
  const own = basename(await ownScratch(scratch))
  expect(own).toMatch(new RegExp(`^worker-${process.pid}-[1-9]\\d*$`))
  for (const name of [own, `worker-${child.pid}-12345`, 'something-else']) await makeFolder(name)
  await removeLeftovers(scratch)
  expect((await readdir(scratch)).toSorted()).toEqual(['something-else', own].toSorted())
})

test('the folder of a process whose number has come again goes', async () => {
  // In a container every worker is the same low number.
  await makeFolder(`worker-${process.pid}-1`)
  await removeLeftovers(scratch)
  expect(await readdir(scratch)).toEqual([])
})

test('a scratch folder that is not there yet has no leftovers', async () => {
  await expect(removeLeftovers(join(scratch, 'none'))).resolves.toBeUndefined()
})
