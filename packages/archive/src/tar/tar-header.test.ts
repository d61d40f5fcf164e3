import { describe, expect, test } from 'vitest'
import { craftTar, signTar } from '../test/craft-tar.ts'
import { decodeHeader } from './tar-header.ts'

async function headerWith(change: (header: Buffer) => void, isSigned = true): Promise<Buffer> {
  const block = (await craftTar([{ name: 'a.txt', mode: 0o755, content: 'hello' }])).subarray(
    0,
    512,
  )
  change(block)
  if (isSigned) signTar(block)
  return block
}

const sized = (field: string | Buffer) =>
  headerWith((block) => block.fill(0, 124, 136).set(Buffer.from(field), 124))

const zeros = (length: number) => '\0'.repeat(length)

describe('a header', () => {
  test('says what its entry is', async () => {
    const header = decodeHeader(await headerWith(() => {}))
    expect(header).toMatchObject({ type: '0', size: 5, mode: 0o755 })
    expect(header).toMatchObject({ name: Buffer.from('a.txt'), linkName: Buffer.alloc(0) })
  })

  test('has a long name in two parts by the standard, and not by GNU tar', async () => {
    const prefix = (block: Buffer) => block.write('some/folder', 345)
    expect(decodeHeader(await headerWith(prefix))).toMatchObject({
      name: Buffer.from('some/folder/a.txt'),
    })
    const gnu = await headerWith((block) => {
      prefix(block)
      block.write('ustar  \0', 257)
    })
    expect(decodeHeader(gnu)).toBe('foreign')
  })

  test('may have names without a NUL, and no letter for its kind', async () => {
    const full = await headerWith((block) => block.fill('n', 0, 100).fill(0, 156, 157))
    expect(decodeHeader(full)).toMatchObject({ name: Buffer.alloc(100, 'n'), type: '0' })
  })

  test.each<[string, string | Buffer, number]>([
    ['empty', '', 0],
    ['closed by a NUL', '00000000012\0', 10],
    ['closed by a space', '00000000012 ', 10],
    ['closed by nothing', '000000000012', 10],
    ['behind spaces', '         12\0', 10],
    ['in GNU’s form', Buffer.from(`80${'00'.repeat(6)}0200000000`, 'hex'), 2 ** 33],
  ])('has a size that is %s', async (_title, field, size) => {
    expect(decodeHeader(await sized(field))).toMatchObject({ size })
  })

  test.each<[string, string | Buffer]>([
    ['no number', 'x'],
    ['a number and something else', '12x'],
    ['two numbers', '12 34'],
    ['not octal', '19'],
    ['negative', Buffer.alloc(12, 0xff)],
    ['larger than a number holds', Buffer.from(`80${'ff'.repeat(11)}`, 'hex')],
    ['in an unknown form', Buffer.from(`81${'00'.repeat(11)}`, 'hex')],
  ])('is foreign where its size is %s', async (_title, field) => {
    expect(decodeHeader(await sized(field))).toBe('foreign')
  })

  test.each([
    ['mode', 100, 8],
    ['user', 108, 8],
    ['group', 116, 8],
    ['time', 136, 12],
    ['device', 329, 8],
  ])(
    'is foreign where its %s is no number; it may be a large or a negative one',
    async (_title, at, length) => {
      expect(decodeHeader(await headerWith((block) => block.write('9', at)))).toBe('foreign')
      const large = Buffer.from('80'.padEnd(2 * length - 2, '0').concat('ff'), 'hex')
      for (const number of [large, Buffer.alloc(length, 0xff)]) {
        const binary = await headerWith((block) => number.copy(block, at))
        expect(decodeHeader(binary)).toBeTruthy()
      }
    },
  )

  test('is none where its checksum is wrong', async () => {
    expect(decodeHeader(await headerWith((block) => block.fill('b', 0, 1), false))).toBeUndefined()
  })

  test('may be older than every format, but of none that is not known', async () => {
    const older = await headerWith((block) => block.fill(0, 257, 265))
    expect(decodeHeader(older)).toMatchObject({ name: Buffer.from('a.txt'), size: 5 })
    const unknown = await headerWith((block) => block.write('tar', 257))
    expect(decodeHeader(unknown)).toBe('foreign')
  })

  test('of zeros ends an archive, one of spaces does not', () => {
    expect(decodeHeader(Buffer.from(zeros(512)))).toBe('zeros')
    expect(decodeHeader(Buffer.alloc(512, ' '))).toBeUndefined()
    expect(decodeHeader(Buffer.alloc(512).fill('000000', 148, 154))).toBeUndefined()
  })
})
