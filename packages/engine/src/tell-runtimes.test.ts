import { loadProfile } from '@packline/profiles'
import { expect, test } from 'vitest'
import { type TestFile, zipOf } from '../../../test/harness/subject.ts'
import { tellRuntimes } from './tell-runtimes.ts'

const profile = await loadProfile('ctyun-functiongraph')
const { signal } = new AbortController()

async function told(files: Record<string, TestFile>) {
  const found = await tellRuntimes({ bytes: await zipOf(files) }, profile, signal)
  return found.map(({ runtime, because }) => `${runtime}: ${because}`)
}

test.each<[Record<string, TestFile>, string[]]>([
  [{ 'index.js': '' }, ['nodejs: index.js']],
  [{ 'index.py': '', 'six.py': '' }, ['python: index.py']],
  [{ 'hello.jar': '' }, ['java: jars at the root']],
  [{ 'README.md': '' }, []],
  [{ 'app/index.js': '', 'app/lib/a.js': '' }, ['nodejs: index.js']],
])('%o is of %j', async (files, runtimes) => {
  expect(await told(files)).toEqual(runtimes)
})

test('what looks like a finished package of one is not also source of another', async () => {
  const files = {
    bootstrap: { bytes: Buffer.from('#!/bin/sh\n'), executable: true },
    'server.py': '',
  }
  expect(await told(files)).toEqual(['custom: bootstrap'])
})

test('what is no archive is refused', async () => {
  const found = tellRuntimes({ bytes: Buffer.from('no archive') }, profile, signal)
  await expect(found).rejects.toMatchObject({ code: 'FORMAT' })
})
