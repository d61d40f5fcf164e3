import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { ArchiveRefusal, quote, REFUSALS } from './refusal.ts'

test('every reason has an archive that is refused for it', async () => {
  const folder = new URL('.', import.meta.url)
  const names = (await readdir(folder)).filter((name) => name.endsWith('.test.ts'))
  const texts = await Promise.all(names.map((name) => readFile(new URL(name, folder), 'utf8')))
  const shown = new Set(texts.join('\n').match(/(?<=refuses\(\s*')[a-z0-9-]+/g))
  expect([...shown].sort()).toEqual(Object.keys(REFUSALS).sort())
})

test('a refusal carries its reason, its failure code and the name of the entry', () => {
  const refusal = new ArchiveRefusal('crc', 'a.txt', 'its checksum is wrong', { hint: 'Again.' })
  expect(refusal).toMatchObject({ code: 'ARCHIVE_DAMAGED', reason: 'crc', entry: 'a.txt' })
  expect(refusal.message).toBe('"a.txt": its checksum is wrong')
})

test('quotes names so that no terminal acts on them', () => {
  expect(quote('\x1b[2J\u009b\u202egnp')).toBe('"\\u001b[2J\\u009b\\u202egnp"')
  expect(quote('x'.repeat(500))).toHaveLength(205)
})
