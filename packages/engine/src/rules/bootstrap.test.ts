import { expect, test } from 'vitest'
import { orderOf, subjectOf, type TestFile } from '../../../../test/harness/subject.ts'
import { bootstrap, inspectBootstrap } from './bootstrap.ts'

async function said(file: TestFile, others: Record<string, TestFile> = {}) {
  const order = await orderOf({ runtime: 'custom', handler: 'any' })
  const executable = typeof file === 'string' || Buffer.isBuffer(file)
  const packed = executable ? { bytes: Buffer.from(file), executable: true } : file
  const subject = await subjectOf(order, { bootstrap: packed, ...others })
  const findings = await bootstrap.check(subject, {} as never)
  return findings.map(({ level, message, line }) => ({ level, message, line }))
}

/** The first 64 bytes of an ELF file: x86_64 is 62, aarch64 183; type 1 is an object file. */
function elf(type: number, machine: number): Buffer {
  const header = Buffer.alloc(64)
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  header.writeUInt16LE(type, 16)
  header.writeUInt16LE(machine, 18)
  return header
}

test('shell scripts and ELF executables are fine', async () => {
  for (const file of [
    '#!/bin/sh\necho 你好\n',
    '#! /bin/bash -e\n',
    '#!/usr/bin/env bash\n',
    '#!/opt/function/runtime/nodejs20.15/rtsp/nodejs/bin/node\n',
    elf(2, 62),
    elf(3, 62),
  ]) {
    expect(await said(file)).toEqual([])
  }
})

test('Windows line ends are an error that names the line', async () => {
  expect(await said('#!/bin/sh\r\necho\r\n')).toMatchObject([{ level: 'error', line: 1 }])
  const [late] = await said('#!/bin/sh\necho\nexec node\r\n')
  expect(late).toMatchObject({ level: 'error', line: 3 })
  expect(late?.message).toContain('CRLF')
})

test('what is wrong beside the mode is told together with it', async () => {
  const bytes = Buffer.from('#!/bin/sh\r\nexec ./server\r\n')
  expect(await said({ bytes, executable: false })).toEqual([
    {
      level: 'error',
      message: 'bootstrap: can not be started: it is not executable',
      line: undefined,
    },
    { level: 'error', message: expect.stringContaining('CRLF'), line: 1 },
  ])
})

test('a script without "#!" is a warning, since the vendor shows such', async () => {
  expect(await said('exec ./server\n')).toEqual([
    { level: 'warning', message: 'bootstrap: its first line names no interpreter', line: 1 },
  ])
})

test('an interpreter that the platform may not have is a warning and named', async () => {
  for (const line of ['/usr/bin/env python3', '/usr/local/bin/node', '/usr/bin/python3']) {
    const [finding] = await said(`#!${line}\n`)
    expect(finding?.level).toBe('warning')
    expect(finding?.message).toContain(`"${line}"`)
  }
})

test('an interpreter inside the package must be there', async () => {
  const script = '#!/opt/function/code/bin/lua\n'
  expect(await said(script)).toMatchObject([{ level: 'error', line: 1 }])
  expect(await said(script, { 'bin/lua': elf(2, 62) })).toEqual([])
})

test.each([
  ['is empty', ''],
  ['byte order mark', '\uFEFF#!/bin/sh\n'],
  ['object file', elf(1, 62)],
  ['neither an ELF executable nor a script', Buffer.from([1, 0, 2, 0])],
  ['no absolute path', '#!node\n'],
  ['not executable', { bytes: Buffer.from('#!/bin/sh\n'), executable: false }],
])('bootstrap that %s is an error', async (words, file) => {
  const [finding] = await said(file)
  expect(finding).toMatchObject({ level: 'error' })
  expect(finding?.message).toContain(words)
})

test('a link is followed to what it leads to', async () => {
  const link = { linkTarget: 'bin/start', bytes: Buffer.from('bin/start') }
  const target = { bytes: Buffer.from('#!/bin/sh\r\n'), executable: true }
  expect(await said(link, { 'bin/start': target })).toMatchObject([{ level: 'error' }])
})

test('programs for other machines and a missing file are left to the rules that are theirs', async () => {
  expect(await said(elf(2, 183))).toEqual([])
  expect(await said(Buffer.from('MZ\0\0'))).toEqual([])
  const order = await orderOf({ runtime: 'custom', handler: 'any' })
  expect((await inspectBootstrap(await subjectOf(order, { a: '' }))).findings).toEqual([])
})

test('HTTP functions of every runtime are looked at, event functions of others are not', async () => {
  const files = { bootstrap: { bytes: Buffer.from('#!/bin/sh\r\n'), executable: true } }
  const http = await orderOf({ runtime: 'nodejs', type: 'http' })
  expect(await bootstrap.check(await subjectOf(http, files), {} as never)).toHaveLength(1)
  const event = await orderOf({ runtime: 'nodejs', handler: 'index.handler' })
  expect(await bootstrap.check(await subjectOf(event, files), {} as never)).toEqual([])
})
