import { describe, expect, it } from 'vitest'
import { splitLines } from './line-splitter.ts'

function split(chunks: readonly (string | Uint8Array)[], lineBytesMax = 100): string[] {
  const lines: string[] = []
  const splitter = splitLines((line) => lines.push(line), lineBytesMax)
  for (const chunk of chunks) splitter.push(Buffer.from(chunk))
  splitter.end()
  return lines
}

describe('splitLines', () => {
  it('ends a line at \\n, \\r and \\r\\n and keeps empty lines', () => {
    expect(split(['a\nb\r\nc\rd\n\ne'])).toEqual(['a', 'b', 'c', 'd', '', 'e'])
  })

  it('takes \\r and \\n as one end also when a chunk ends between them', () => {
    expect(split(['a\r', '\nb\r', 'c\r', '', '\nd'])).toEqual(['a', 'b', 'c', 'd'])
  })

  it('gives the same lines however the bytes are cut into chunks', () => {
    const bytes = Buffer.from('编译 失败\r\n\r\n\u{1f4e6} packed\n\rlast')
    const expected = split([bytes])
    for (let size = 1; size < bytes.length; size++) {
      const chunks: Uint8Array[] = []
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size))
      expect(split(chunks), `chunks of ${size}`).toEqual(expected)
    }
    expect(expected).toEqual(['编译 失败', '', '\u{1f4e6} packed', '', 'last'])
  })

  it('emits each line as soon as its end has come', () => {
    const lines: string[] = []
    const splitter = splitLines((line) => lines.push(line), 100)
    splitter.push(Buffer.from('one\ntw'))
    expect(lines).toEqual(['one'])
    splitter.push(Buffer.from('o\n'))
    expect(lines).toEqual(['one', 'two'])
  })

  it('cuts a long line into pieces of whole characters', () => {
    const lines = split(['\u{1f4e6}'.repeat(30), '\nend'], 10)
    expect(lines.at(-1)).toBe('end')
    expect(lines.slice(0, -1).join('')).toBe('\u{1f4e6}'.repeat(30))
    for (const line of lines) {
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(10)
      expect(line.isWellFormed()).toBe(true)
    }
  })

  it('keeps no more than one piece of a line that never ends', () => {
    let longest = 0
    let bytes = 0
    const splitter = splitLines((line) => {
      longest = Math.max(longest, Buffer.byteLength(line))
      bytes += Buffer.byteLength(line)
    }, 8192)
    const chunk = Buffer.alloc(64 * 1024, 'x')
    for (let count = 0; count < 1600; count++) splitter.push(chunk)
    splitter.end()
    expect(longest).toBe(8192)
    expect(bytes).toBe(1600 * 64 * 1024)
  })

  it('replaces bytes that are not UTF-8 and counts the replacements as bytes', () => {
    expect(split([Buffer.from([0x61, 0xff, 0x62, 0x0a, 0xc3])])).toEqual(['a\ufffdb', '\ufffd'])
    const lines = split([Buffer.alloc(50, 0xff)], 10)
    expect(lines.join('')).toBe('\ufffd'.repeat(50))
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(10)
  })

  it('leaves colours and tabs as they are', () => {
    expect(split(['\u001b[31mred\u001b[0m\tx\n'])).toEqual(['\u001b[31mred\u001b[0m\tx'])
  })
})
