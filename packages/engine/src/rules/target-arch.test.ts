import { expect, test } from 'vitest'
import { orderOf, subjectOf, type TestFile } from '../../../../test/harness/subject.ts'
import { readElf } from '../elf.ts'
import { nodejs } from '../runtimes/nodejs/index.ts'
import { targetArch } from './target-arch.ts'

const X86_64 = 62
const AARCH64 = 183

function elf(machine: number, options: { bigEndian?: boolean; bits?: 32 | 64 } = {}): Buffer {
  const header = Buffer.alloc(64)
  header.set([0x7f, 0x45, 0x4c, 0x46, options.bits === 32 ? 1 : 2, options.bigEndian ? 2 : 1, 1])
  if (options.bigEndian) {
    header.writeUInt16BE(3, 16)
    header.writeUInt16BE(machine, 18)
  } else {
    header.writeUInt16LE(3, 16)
    header.writeUInt16LE(machine, 18)
  }
  return header
}

async function said(
  files: Record<string, TestFile>,
  architecture: 'x86_64' | 'aarch64' = 'x86_64',
) {
  const order = await orderOf({ runtime: 'nodejs', handler: 'index.handler', architecture })
  const findings = await targetArch.check(await subjectOf(order, files), nodejs)
  return findings.map(({ path, level, message }) =>
    level === 'error' ? `${path}: ${/for (.*?);/.exec(message)?.[1]}` : `${level}: ${message}`,
  )
}

test('native files of the function’s architecture are silent', async () => {
  expect(await said({ 'a.node': elf(X86_64), 'lib.so.1': elf(X86_64) })).toEqual([])
  expect(await said({ 'a.node': elf(AARCH64) }, 'aarch64')).toEqual([])
})

test('each wrong one is named with what it is for', async () => {
  const files = {
    'arm.node': elf(AARCH64),
    'mac.node': Buffer.from('cffaedfe00000000', 'hex'),
    'windows.dll': Buffer.from('MZ\u0090\u0000'),
    'old.so': elf(3, { bits: 32 }),
  }
  expect(await said(files)).toEqual([
    'arm.node: Linux aarch64',
    'mac.node: macOS',
    'old.so: Linux x86',
    'note: windows.dll (Windows) can not run on the platform and will not be loaded',
  ])
})

test('an executable without a telling name is looked at too, text is not native', async () => {
  const files = {
    tool: { bytes: elf(AARCH64), executable: true },
    script: { bytes: Buffer.from('#!/bin/sh\n'), executable: true },
    'linker.so': 'INPUT(libc.so.6)\n',
    'index.js': elf(AARCH64).toString('latin1'),
  }
  expect(await said(files)).toEqual(['tool: Linux aarch64'])
})

const MAC = Buffer.from('cffaedfe00000000', 'hex')
const WINDOWS = Buffer.from('MZ\u0090\u0000')

test.each([
  ['prebuilds/linux-x64/a.glibc.node', 'prebuilds/darwin-x64+arm64/a.node'],
  [
    'node_modules/@img/sharp-linux-x64/sharp.node',
    'node_modules/@img/sharp-darwin-arm64/sharp.node',
  ],
  ['node_modules/@esbuild/linux-x64/bin/esbuild', 'node_modules/@esbuild/darwin-arm64/bin/esbuild'],
  ['a/core.cpython-310-x86_64-linux-gnu.so', 'a/core.cpython-310-darwin.so'],
])('where %s is there, the others beside it are only noted', async (right, other) => {
  const tool = (bytes: Buffer) => ({ bytes, executable: true })
  const arm = other.replace(/darwin(-x64\+arm64|-arm64)?/, 'linux-arm64')
  const files = { [right]: tool(elf(X86_64)), [other]: tool(MAC), [arm]: tool(elf(AARCH64)) }
  const [note, ...more] = await said(files)
  expect(note).toMatch(/^note: .* and 1 more can not run on the platform/)
  expect(more).toEqual([])
  expect(await said({ [other]: tool(MAC) })).toEqual([`${other}: macOS`])
})

test('a wrong file without a word for its platform is an error beside any right one', async () => {
  const files = { 'lib/a.so': elf(X86_64), 'lib/b.so': elf(AARCH64) }
  expect(await said(files)).toEqual(['lib/b.so: Linux aarch64'])
})

test('launchers for Windows, as setuptools brings them, keep nothing from being right', async () => {
  const files = { 'setuptools/cli-64.exe': WINDOWS, 'setuptools/gui.exe': WINDOWS, tool: 'text' }
  expect(await said(files)).toEqual([
    'note: setuptools/cli-64.exe (Windows) and 1 more can not run on the platform and will not be loaded',
  ])
  const bootstrap = { bytes: WINDOWS, executable: true }
  expect(await said({ bootstrap })).toEqual(['bootstrap: Windows'])
})

test('programs for several Macs are told from classes of Java', async () => {
  const starting = (...bytes: number[]) => Buffer.from([0xca, 0xfe, 0xba, 0xbe, ...bytes, 0, 0])
  const several = { bytes: starting(0, 0, 0, 2), executable: true }
  const java = { bytes: starting(0, 0, 0, 65), executable: true }
  expect(await said({ several, 'Hello.class': java })).toEqual(['several: macOS'])
})

test('an ELF header is read in both byte orders; anything else is none', () => {
  expect(readElf(elf(X86_64))).toEqual({ machine: 'x86_64', bits: 64, type: 'shared' })
  expect(readElf(elf(0x16, { bigEndian: true }))?.machine).toBe('machine 0x16')
  expect(readElf(Buffer.from('text'))).toBeUndefined()
  expect(readElf(elf(X86_64).subarray(0, 10))).toBeUndefined()
})
