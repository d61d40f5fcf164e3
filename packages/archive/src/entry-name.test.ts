import { expect, test } from 'vitest'
import { openArchive } from './archive.ts'
import { type Crafted, craftZip, unicodePathField } from './test/craft-zip.ts'
import { limits, passGate, refusalOf, refusesBy } from './test/refuses.ts'

const refuses = refusesBy(test)
const raw = (latin1: string) => Buffer.from(latin1, 'latin1')
/** "中文.txt" as Chinese Windows writes it. */
const gbk = raw('\xd6\xd0\xce\xc4.txt')

const ESCAPES = ['../x', 'a/../../x', '..', '/x', 'C:x', 'c:/x', '..\\x', '\\x', 'a\\..\\..\\x']
for (const name of ESCAPES) {
  refuses('path-escapes', `the path ${name}`, [{ name, content: 'x' }], { entry: name })
}
refuses('path-escapes', 'a name that only leaves by its bytes', [
  { name: raw('../\x82'), both: { extra: unicodePathField(raw('../\x82'), 'harmless') } },
])
for (const name of ['', 'a//b', './a', 'a/.', 'a//', 'a\\b', 'a\nb', 'a\x7f', 'a\0.txt']) {
  refuses('path-form', `the path ${JSON.stringify(name)}`, [{ name }])
}
refuses('path-too-long', 'a part of 256 bytes', [{ name: 'x'.repeat(256) }])
refuses('path-too-long', 'a part of 90 Chinese characters', [{ name: '中'.repeat(90) }])
refuses('path-too-long', 'a path of 1026 characters', [{ name: `${'abcd/'.repeat(205)}x` }])

refuses('not-utf8', 'a name marked as UTF-8 that is not', [{ name: gbk, both: { flags: 0x800 } }])
refuses('not-utf8', 'a Unicode Path that is not UTF-8', [
  { name: gbk, both: { extra: badUnicodePath() } },
])
refuses('unicode-path', 'a Unicode Path with another name', [
  { name: 'a.txt', both: { extra: unicodePathField(raw('a.txt'), 'b.txt') } },
])
refuses('unicode-path', 'a Unicode Path that was made for another entry', [
  { name: 'a.txt', both: { extra: unicodePathField(raw('b.txt'), 'a.txt') } },
])
refuses('local-header-differs', 'a Unicode Path that only the directory has', [
  { name: gbk, central: { extra: unicodePathField(gbk, 'é') } },
])

/** A field whose last byte is no UTF-8. */
function badUnicodePath(): Buffer {
  const field = unicodePathField(gbk, 'x')
  field[field.length - 1] = 0xff
  return field
}

refuses('not-utf8', 'a name of Chinese Windows when no encoding was named', [{ name: gbk }])

test('names the setting that reads names of Chinese Windows', async () => {
  const { hint } = await refusalOf({ bytes: craftZip([{ name: gbk }]) })
  expect(hint).toContain('entryNameEncoding')
  expect(hint).toContain('gb18030')
})

test('reads names of Chinese Windows with the encoding that the request names', async () => {
  const bytes = craftZip([{ name: gbk }, { name: 'ümläut.txt', both: { flags: 0 } }])
  const archive = await openArchive({ bytes }, { limits, entryNameEncoding: 'gb18030' })
  expect(archive.entries.map(({ path }) => path)).toEqual(['中文.txt', 'ümläut.txt'])
})

test('refuses bytes that are not of the encoding either', async () => {
  const opened = openArchive(
    { bytes: craftZip([{ name: raw('\xff\xff') }]) },
    { limits, entryNameEncoding: 'gb18030' },
  )
  await expect(opened).rejects.toMatchObject({ reason: 'not-utf8' })
})

test('takes UTF-8 names with the flag, without it, and from the Unicode Path field', async () => {
  const entries: Crafted[] = [
    { name: '中文.txt' },
    { name: Buffer.from('日本.txt') },
    { name: raw('\x82.txt'), both: { extra: unicodePathField(raw('\x82.txt'), 'é.txt') } },
    { name: 'x'.repeat(255) },
  ]
  const expected = ['中文.txt', '日本.txt', 'é.txt', 'x'.repeat(255)]
  expect(await passGate({ bytes: craftZip(entries) })).toEqual(expected)
})
