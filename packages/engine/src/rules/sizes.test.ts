import { expect, test } from 'vitest'
import { attachedOf, orderOf, subjectOf } from '../../../../test/harness/subject.ts'
import { nodejs } from '../runtimes/nodejs/index.ts'
import type { Subject } from '../runtimes/runtime.ts'
import { packageSize } from './package-size.ts'
import { unpackedSize } from './unpacked-size.ts'

const MEBIBYTE = 1024 * 1024

/** A package that says it has these sizes; the rules look at nothing else. */
async function subject(sizes: { size?: number; unpackedSize?: number }): Promise<Subject> {
  const made = await subjectOf(await orderOf({ runtime: 'nodejs', handler: 'index.handler' }), {
    'index.js': 'exports.handler = () => 1\n',
    'large.bin': 'x'.repeat(1000),
  })
  return { ...made, package: { ...made.package, file: { ...made.package.file, ...sizes } } }
}

const levels = async (sizes: { size?: number; unpackedSize?: number }) => ({
  package: (await packageSize.check(await subject(sizes), nodejs)).map(({ level }) => level),
  unpacked: (await unpackedSize.check(await subject(sizes), nodejs)).map(({ level }) => level),
})

test('a small package is silent', async () => {
  expect(await levels({})).toEqual({ package: [], unpacked: [] })
})

test('50 MB is the last size that can be deployed directly', async () => {
  expect((await levels({ size: 50 * MEBIBYTE })).package).toEqual([])
  expect((await levels({ size: 50 * MEBIBYTE + 1 })).package).toEqual(['note'])
})

test('over 300 MB nothing is open, and the largest files are named', async () => {
  expect((await levels({ size: 300 * MEBIBYTE })).package).toEqual(['note'])
  const [finding] = await packageSize.check(await subject({ size: 300 * MEBIBYTE + 1 }), nodejs)
  expect(finding?.level).toBe('error')
  expect(finding?.message).toContain('large.bin')
})

test('from 1,500 MB unpacked there is a warning, over 1.5 GB an error', async () => {
  expect((await levels({ unpackedSize: 1500 * MEBIBYTE - 1 })).unpacked).toEqual([])
  expect((await levels({ unpackedSize: 1500 * MEBIBYTE })).unpacked).toEqual(['warning'])
  expect((await levels({ unpackedSize: 1536 * MEBIBYTE + 1 })).unpacked).toEqual(['error'])
})

test('dependency packages count into what is unpacked, not into the size of the package', async () => {
  const attached = await attachedOf('libs', { 'a.js': '' })
  const archive = { ...attached.archive, unpackedSize: 1024 * MEBIBYTE }
  const dependencies = [{ ...attached, archive }]
  const both = { ...(await subject({ unpackedSize: 512 * MEBIBYTE })), dependencies }
  expect(await unpackedSize.check(both, nodejs)).toMatchObject([{ level: 'warning' }])
  const over = { ...(await subject({ unpackedSize: 512 * MEBIBYTE + 1 })), dependencies }
  const [finding] = await unpackedSize.check(over, nodejs)
  expect(finding).toMatchObject({ level: 'error' })
  expect(finding?.message).toContain('the package and its dependency packages have 1610612737')
  expect(await packageSize.check(over, nodejs)).toEqual([])
})
