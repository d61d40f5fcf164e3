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
  return findings.map(({ path, message }) => `${path}: ${/for (.*?);/.exec(message)?.[1]}`)
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
    'windows.dll: Windows',
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

test('an ELF header is read in both byte orders; anything else is none', () => {
  expect(readElf(elf(X86_64))).toEqual({ machine: 'x86_64', bits: 64, type: 'shared' })
  expect(readElf(elf(0x16, { bigEndian: true }))?.machine).toBe('machine 0x16')
  expect(readElf(Buffer.from('text'))).toBeUndefined()
  expect(readElf(elf(X86_64).subarray(0, 10))).toBeUndefined()
})
