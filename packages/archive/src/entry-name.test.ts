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
  const bytes = craftZip([{ name: gbk }, { name: 'ümläut.txt' }])
  const archive = await openArchive({ bytes }, { limits, entryNameEncoding: 'gb18030' })
  expect(archive.entries.map(({ path }) => path)).toEqual(['中文.txt', 'ümläut.txt'])
})

/** "图.png", "测试.js" as Chinese Windows writes them; the first is valid UTF-8 by chance. */
const [picture, code] = [raw('\xcd\xbc.png'), raw('\xb2\xe2\xca\xd4.js')]
const readNames = async (entries: readonly Crafted[]) => {
  const options = { limits, entryNameEncoding: 'gb18030' } as const
  const { entries: found } = await openArchive({ bytes: craftZip(entries) }, options)
  return found.map(({ path }) => path)
}

test('reads all names that do not say theirs in the encoding, when one is no UTF-8', async () => {
  expect(await readNames([{ name: picture }, { name: code }])).toEqual(['图.png', '测试.js'])
  expect(await readNames([{ name: code }, { name: picture }])).toEqual(['测试.js', '图.png'])
})

test('reads all of them as UTF-8 when each is', async () => {
  const mac = Buffer.from('日本.txt')
  expect(await readNames([{ name: mac }, { name: 'index.js' }])).toEqual(['日本.txt', 'index.js'])
  // Nothing in such an archive tells what it is.
  expect(await readNames([{ name: picture }])).toEqual(['ͼ.png'])
})

test('takes a name that says its encoding by its word, and no other by it', async () => {
  const said: Crafted = { name: code, both: { extra: unicodePathField(code, 'é.js') } }
  const utf8 = { name: '图.png' }
  expect(await readNames([said, utf8, { name: picture }])).toEqual(['é.js', '图.png', 'ͼ.png'])
  expect(await readNames([{ name: gbk }, { name: 'ͼ.png' }])).toEqual(['中文.txt', 'ͼ.png'])
})

test('refuses a name of UTF-8 alone beside those of the encoding', async () => {
  await expect(readNames([{ name: gbk }, { name: Buffer.from('中.txt') }])).rejects.toMatchObject({
    reason: 'not-utf8',
    entry: '中.txt',
    message: expect.stringContaining('its name is UTF-8 and not gb18030'),
    zh: { detail: expect.stringContaining('它的名称是 UTF-8，不是 gb18030') },
  })
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
