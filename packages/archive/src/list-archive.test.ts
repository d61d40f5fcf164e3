import { expect, test } from 'vitest'
import { type TestFile, zipOf } from '../../../test/harness/subject.ts'
import { openArchive } from './archive.ts'
import { listArchive } from './list-archive.ts'
import { craftZip } from './test/craft-zip.ts'

const limits = { entriesMax: 1000, unpackedBytesMax: 1e9, ratioMax: 1100 }

function ranged(bytes: Buffer) {
  const reads: [number, number][] = []
  const read = async (position: number, length: number) => {
    reads.push([position, length])
    return bytes.subarray(position, position + length)
  }
  return { reads, list: () => listArchive(bytes.length, read) }
}

test('an archive is listed as the gate lists it, from its last bytes alone', async () => {
  const files: Record<string, TestFile> = {
    'index.js': 'exports.handler = 1\n',
    'bin/run': { bytes: Buffer.from('#!/bin/sh\n'), executable: true },
    'lib/large.bin': Buffer.alloc(1024 * 1024, 7),
    'lib/你好.txt': '你好',
  }
  const bytes = await zipOf(files)
  const archive = await openArchive({ bytes }, { limits })
  const { reads, list } = ranged(bytes)
  const expected = archive.entries.map(({ path, kind, size, crc, executable }) => {
    return { path, kind, size, crc, executable }
  })
  expect(await list()).toEqual(expected)
  expect(reads.length).toBeLessThanOrEqual(3)
  await archive.close()
})

test('names of Chinese Windows are read as the gate reads them', async () => {
  const names = ['\xcd\xbc.png', '\xb2\xe2\xca\xd4.js'].map((name) => Buffer.from(name, 'latin1'))
  const bytes = craftZip(names.map((name) => ({ name })))
  const read = async (at: number, length: number) => bytes.subarray(at, at + length)
  const listed = await listArchive(bytes.length, read, { entryNameEncoding: 'gb18030' })
  expect(listed.map(({ path }) => path)).toEqual(['图.png', '测试.js'])
})

test('what is no archive is refused by the same reasons', async () => {
  await expect(ranged(Buffer.from('no archive')).list()).rejects.toMatchObject({ code: 'FORMAT' })
  const cut = (await zipOf({ a: 'x'.repeat(100) })).subarray(0, -30)
  await expect(ranged(cut).list()).rejects.toMatchObject({ code: 'ARCHIVE_DAMAGED' })
})
