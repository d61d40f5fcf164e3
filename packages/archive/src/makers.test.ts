import { buffer } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { type Archive, openArchive } from './archive.ts'
import { type Crafted, craftZip, extraField, unicodePathField } from './test/craft-zip.ts'
import { limits } from './test/refuses.ts'
import { verifyArchive } from './verify.ts'

const NTFS = extraField(0x000a, Buffer.alloc(32))
const TIMES = extraField(0x5455, Buffer.from([1, 0, 0, 0, 0]))
/** Times, user and group; the directory has the times alone. */
const OLD_UNIX = {
  local: extraField(0x5855, Buffer.alloc(12)),
  central: extraField(0x5855, Buffer.alloc(8)),
}
const NEW_UNIX = extraField(0x7875, Buffer.from([1, 4, 0, 0, 0, 0, 4, 0, 0, 0, 0]))
const UTF8 = 0x800
const gbk = (latin1: string) => Buffer.from(latin1, 'latin1')

async function taken(
  entries: readonly Crafted[],
  more: Partial<Parameters<typeof openArchive>[1]> = {},
) {
  const archive = await openArchive({ bytes: craftZip(entries) }, { limits, ...more })
  await verifyArchive(archive)
  return archive
}

const paths = ({ entries }: Archive) => entries.map(({ path }) => path)

describe("macOS's Archive Utility", () => {
  const file = (name: string | Buffer, more: Partial<Crafted> = {}): Crafted => ({
    content: 'x'.repeat(100),
    mode: 0o100644,
    descriptor: 'signed',
    ...more,
    name,
    local: { extra: OLD_UNIX.local, ...more.local },
    central: { extra: OLD_UNIX.central, ...more.central },
  })
  const folder = (name: string): Crafted => ({
    ...file(name),
    content: '',
    descriptor: undefined,
    mode: 0o040755,
  })

  test('is read: folders, descriptors, its own files, names without a flag in their form', async () => {
    const accented = 'cafe\u0301.txt'
    const archive = await taken([
      folder('app/'),
      file('app/index.js'),
      file('app/run', { mode: 0o100755 }),
      // Unicode's long form, as its file system gives it, and no flag that it is UTF-8.
      file(Buffer.from(`app/${accented}`)),
      file(Buffer.from('app/中文.txt')),
      { ...file('app/empty'), content: '', descriptor: undefined },
      folder('__MACOSX/'),
      folder('__MACOSX/app/'),
      file('__MACOSX/app/._index.js'),
    ])
    expect(paths(archive)).toContain(`app/${accented}`)
    expect(paths(archive)).toContain('app/中文.txt')
    expect(archive.entries.find(({ path }) => path === 'app/run')?.executable).toBe(true)
    expect((await buffer(await archive.open('app/index.js'))).length).toBe(100)
  })

  test('is read with links, which have descriptors as well', async () => {
    const link = { content: 'index.js', method: 0, mode: 0o120755 }
    const archive = await taken([file('app/index.js'), file('app/link', { ...link })])
    expect(archive.entries[1]).toMatchObject({ kind: 'link', linkTarget: 'index.js' })
  })

  test('is read in its newer form, with times and users', async () => {
    const extra = Buffer.concat([TIMES, NEW_UNIX])
    const archive = await taken([file('a', { local: { extra }, central: { extra } })])
    expect(paths(archive)).toEqual(['a'])
  })
})

describe("Windows' Explorer", () => {
  const folder = (name: Buffer): Crafted => ({ name, attributes: 0x10, system: 0 })
  const file = (name: Buffer | string, more: Partial<Crafted> = {}): Crafted => ({
    name,
    content: 'x'.repeat(100),
    attributes: 0x20,
    system: 0,
    ...more,
  })
  // 中文/, 中文/说明.txt
  const chinese = [
    folder(gbk('\xd6\xd0\xce\xc4/')),
    file(gbk('\xd6\xd0\xce\xc4/\xcb\xb5\xc3\xf7.txt')),
  ]

  test('is read in Chinese where the request names the encoding', async () => {
    // What GBK has not is written in UTF-8, with the flag, in the same archive.
    const entries = [...chinese, file('naïve ☕.txt'), file('index.js')]
    const archive = await taken(entries, { entryNameEncoding: 'gb18030' })
    expect(paths(archive)).toEqual(['中文', '中文/说明.txt', 'naïve ☕.txt', 'index.js'])
    expect(archive.entries.every(({ executable }) => !executable)).toBe(true)
  })

  test('is read in Chinese where a name is UTF-8 as well by chance', async () => {
    // 图.png, whose bytes are ͼ.png in UTF-8, beside 测试.js, whose bytes are none.
    const entries = [file(gbk('\xcd\xbc.png')), file(gbk('\xb2\xe2\xca\xd4.js'))]
    const archive = await taken(entries, { entryNameEncoding: 'gb18030' })
    expect(paths(archive)).toEqual(['图.png', '测试.js'])
  })

  test('is refused in Chinese where it does not, with the setting', async () => {
    await expect(taken(chinese)).rejects.toMatchObject({
      reason: 'not-utf8',
      hint: expect.stringContaining('gb18030'),
    })
  })

  test('is read in its newer form, which has descriptors and marks names as UTF-8', async () => {
    const entries = [file('中文/说明.txt', { descriptor: 'signed', system: 3, mode: 0o100666 })]
    expect(paths(await taken(entries))).toEqual(['中文/说明.txt'])
  })
})

describe('other makers', () => {
  /** Attributes of Windows, and a Unix mode with 7-Zip's mark that it is one. */
  const both = (mode: number, windows: number) => ((mode << 16) | 0x8000 | windows) >>> 0
  const FORMS: Record<string, Crafted[]> = {
    '7-Zip on Linux': [
      { name: 'd/', system: 3, attributes: both(0o040755, 0x10), central: { extra: NTFS } },
      {
        name: 'd/a',
        content: 'a',
        system: 3,
        attributes: both(0o100755, 0x20),
        central: { extra: NTFS },
      },
    ],
    '7-Zip on Windows': [
      { name: 'd/', attributes: 0x10, central: { extra: NTFS } },
      { name: 'd/中', content: 'a', attributes: 0x20, central: { extra: NTFS } },
    ],
    'WinRAR, in Chinese': [
      {
        name: gbk('\xd6\xd0'),
        content: 'a',
        both: { extra: unicodePathField(gbk('\xd6\xd0'), '中') },
      },
    ],
    'Go, to a stream': [
      { name: 'd/', mode: 0o040755 },
      { name: 'd/a', content: 'a', descriptor: 'signed', mode: 0o100644, both: { extra: TIMES } },
      {
        name: 'd/empty',
        method: 8,
        packed: Buffer.from([1, 0, 0, 0xff, 0xff]),
        descriptor: 'signed',
      },
    ],
    'git archive': [
      { name: 'd/', both: { extra: TIMES } },
      { name: 'd/a', content: 'a', both: { extra: TIMES } },
      { name: 'd/run', content: 'a', mode: 0o100755, both: { extra: TIMES } },
    ],
    'jar, with the mark of a jar': [
      {
        name: 'META-INF/',
        method: 8,
        packed: Buffer.from([3, 0]),
        descriptor: 'signed',
        local: { extra: extraField(0xcafe, Buffer.alloc(0)) },
        central: { extra: extraField(0xcafe, Buffer.alloc(0)) },
      },
      { name: 'META-INF/MANIFEST.MF', content: 'Manifest-Version: 1.0\n', descriptor: 'signed' },
      { name: 'A.class', content: 'x'.repeat(100), descriptor: 'signed' },
    ],
    "Maven's archiver": [
      { name: 'META-INF/', mode: 0xffff },
      { name: 'META-INF/MANIFEST.MF', content: 'Manifest-Version: 1.0\n', mode: 0o100644 },
      { name: 'META-INF/maven/', mode: 0o040755, both: { extra: TIMES } },
    ],
    Gradle: [
      { name: 'META-INF/', mode: 0o040755, both: { flags: UTF8 } },
      { name: 'META-INF/MANIFEST.MF', content: 'Manifest-Version: 1.0\n', mode: 0o100644 },
    ],
    'Spring Boot': [
      { name: 'META-INF/', mode: 0o040755 },
      { name: 'META-INF/MANIFEST.MF', content: 'Main-Class: org.springframework.boot\n' },
      { name: 'org/springframework/boot/loader/JarLauncher.class', content: 'x'.repeat(100) },
      { name: 'BOOT-INF/', mode: 0o040755 },
      { name: 'BOOT-INF/lib/', mode: 0o040755 },
      // A jar in a jar is stored as it is, and is bytes here.
      { name: 'BOOT-INF/lib/a.jar', method: 0, content: craftZip([{ name: 'A.class' }]) },
      { name: 'BOOT-INF/classpath.idx', content: '- "BOOT-INF/lib/a.jar"\n' },
    ],
    "JavaScript's JSZip": [
      { name: 'd/', attributes: 0x10 },
      {
        name: 'd/中',
        content: 'a',
        both: { extra: unicodePathField(Buffer.from('d/中'), 'd/中') },
      },
    ],
  }
  test.each(Object.entries(FORMS))('%s is read', async (_maker, entries) => {
    const archive = await taken(entries)
    const expected = entries.map(({ name }) => String(name).replace(/\/$/, ''))
    if (!entries.some(({ name }) => Buffer.isBuffer(name))) expect(paths(archive)).toEqual(expected)
    for (const { path, size, kind } of archive.entries) {
      if (kind === 'file') expect((await archive.read(path, 1000)).length).toBe(size)
    }
  })

  test('a jar in a jar stays what it is, though it be a bomb or no archive at all', async () => {
    const inner = [craftZip([{ name: '../x' }]), Buffer.from('PK\x03\x04 not one')]
    const entries = inner.map((content, at) => ({ name: `lib/${at}.jar`, content, method: 8 }))
    const archive = await taken(entries)
    for (const [at, content] of inner.entries()) {
      expect((await archive.read(`lib/${at}.jar`, 1000)).equals(content)).toBe(true)
    }
  })
})
