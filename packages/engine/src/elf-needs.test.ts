import { execFileSync } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { elfOf } from '../../../test/harness/elf.ts'
import { needs } from '../../../test/harness/needs.ts'
import { temporaryFolder } from '../../../test/harness/temporary-folder.ts'
import { readElfNeeds } from './elf-needs.ts'

async function readBytes(bytes: Uint8Array, folder = temporaryFolder()) {
  const path = join(folder, 'file.so')
  await writeFile(path, bytes)
  return readElfNeeds(path)
}

const LIBRARY = {
  soname: 'libown.so.1',
  needed: ['libc.so.6', 'libm.so.6'],
  versions: {
    'libc.so.6': ['GLIBC_2.2.5', 'GLIBC_2.34', 'GLIBC_2.40?'],
    'libm.so.6': ['GLIBC_2.29'],
  },
}

test('a library says what it needs; a version that it can do without does not count', async () => {
  expect(await readBytes(elfOf(LIBRARY))).toEqual({
    interpreter: undefined,
    soname: 'libown.so.1',
    libraries: ['libc.so.6', 'libm.so.6'],
    versions: new Map([
      ['libc.so.6', ['GLIBC_2.2.5', 'GLIBC_2.34']],
      ['libm.so.6', ['GLIBC_2.29']],
    ]),
  })
})

test('a program names its loader, and one that needs nothing says so', async () => {
  const interpreter = '/lib64/ld-linux-x86-64.so.2'
  expect(await readBytes(elfOf({ type: 2, interpreter }))).toMatchObject({ interpreter })
  const nothing = { interpreter: undefined, soname: undefined, libraries: [], versions: new Map() }
  expect(await readBytes(elfOf({}))).toEqual(nothing)
  expect(await readBytes(elfOf({}).fill(0, 56, 58))).toEqual(nothing)
})

test('what is no 64-bit ELF file is none', async () => {
  expect(await readBytes(Buffer.from('#!/bin/sh\n'))).toBeUndefined()
  expect(await readBytes(Buffer.alloc(0))).toBeUndefined()
  expect(await readBytes(elfOf({}).fill(1, 4, 5))).toBeUndefined()
  expect(await readBytes(elfOf({}).subarray(0, 63))).toBeUndefined()
})

test('files of this machine are read as binutils reads them', async (context) => {
  needs(context, 'compiler')
  const objdump = (path: string) => execFileSync('objdump', ['-p', path], { encoding: 'utf8' })
  for (const named of [process.execPath, '/bin/sh', '/usr/bin/env']) {
    const path = realpathSync(named)
    const text = objdump(path)
    const found = await readElfNeeds(path)
    const needed = [...text.matchAll(/^ +NEEDED +(\S+)$/gm)].map(([, name]) => name)
    const versions = [...text.matchAll(/^ +0x\w+ 0x(\w+) \d+ (\S+)$/gm)]
    const strong = versions.filter(([, flags]) => flags === '00').map(([, , name]) => name)
    expect(needed.length).toBeGreaterThan(0)
    expect(found?.libraries).toEqual(needed)
    expect([...(found?.versions.values() ?? [])].flat()).toEqual(strong)
    expect(found?.interpreter).toMatch(/^\/lib.*\/ld-linux/)
  }
})

test('whatever is cut or changed in a file, it is read without an error and without a wait', async () => {
  const whole = elfOf({ ...LIBRARY, interpreter: '/lib64/ld-linux-x86-64.so.2' })
  const folder = temporaryFolder()
  const change = fc.record({ at: fc.nat(whole.length - 1), value: fc.nat(255) })
  const changes = fc.array(change, { minLength: 1, maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(changes, fc.nat(whole.length), async (list, length) => {
      const bytes = Buffer.from(whole)
      for (const { at, value } of list) bytes[at] = value
      const cut = length > whole.length / 2 ? bytes : bytes.subarray(0, length)
      const started = performance.now()
      const found = await readBytes(cut, folder)
      expect(found === undefined || found.libraries.length <= 1000).toBe(true)
      expect(performance.now() - started).toBeLessThan(5000)
    }),
    { numRuns: 400 },
  )
})

test('tables that lead in circles or never end are left', async () => {
  const many = Array.from({ length: 3000 }, (_, index) => `lib${index}.so`)
  const versions = { 'libc.so.6': many.map((_, index) => `GLIBC_2.${index}`) }
  const found = await readBytes(elfOf({ needed: many, versions }))
  expect(found?.libraries).toHaveLength(1000)
  expect(found?.versions.get('libc.so.6')).toHaveLength(3000)
})
