import { LIMITS } from '@packline/shared'
import { describe, expect, it } from 'vitest'
import { collectOutput } from './output.ts'

const never = () => {
  throw new Error('the limit was not reached')
}

describe('collectOutput', () => {
  it('keeps the last 40 lines of both streams in the order they came', () => {
    const seen: string[] = []
    const output = collectOutput(
      { outputBytesMax: 1e6, onLine: (line, stream) => seen.push(`${stream} ${line}`) },
      never,
    )
    for (let line = 0; line < 500; line++) {
      output.push(line % 2 === 0 ? 'stdout' : 'stderr', Buffer.from(`${line}\n`))
    }
    const result = output.finish()
    expect(result.output).toEqual(Array.from({ length: 40 }, (_, index) => String(460 + index)))
    expect(seen).toHaveLength(500)
    expect(seen.slice(0, 2)).toEqual(['stdout 0', 'stderr 1'])
  })

  it('gives short output whole', () => {
    const output = collectOutput({ outputBytesMax: 100 }, never)
    output.push('stdout', Buffer.from('中文'))
    output.push('stderr', Buffer.from('oops\n'))
    expect(output.finish()).toEqual({ stdout: '中文', stderr: 'oops\n', output: ['oops', '中文'] })
  })

  it.each([1, 7, 4096, 65_536, 200_000])('keeps the last 64 KiB of chunks of %i bytes', (size) => {
    const text = Array.from({ length: 40_000 }, (_, index) => `第${index}行\n`).join('')
    const bytes = Buffer.from(text)
    const output = collectOutput({ outputBytesMax: 1e9 }, never)
    for (let at = 0; at < bytes.length; at += size) {
      output.push('stdout', bytes.subarray(at, at + size))
    }
    const { stdout } = output.finish()
    expect(text.endsWith(stdout)).toBe(true)
    expect(Buffer.byteLength(stdout)).toBeGreaterThan(64 * 1024 - 4)
    expect(Buffer.byteLength(stdout)).toBeLessThanOrEqual(64 * 1024)
  })

  it('tells once when the limit is passed and gives out nothing beyond it', () => {
    let exceeded = 0
    const lines: string[] = []
    const output = collectOutput(
      { outputBytesMax: 10, onLine: (line) => lines.push(line) },
      () => exceeded++,
    )
    output.push('stdout', Buffer.from('123456'))
    output.push('stderr', Buffer.from('abcd'))
    expect(exceeded).toBe(0)
    output.push('stdout', Buffer.from('x'))
    output.push('stdout', Buffer.from('y'))
    expect(exceeded).toBe(1)
    expect(output.finish().output).toEqual(['123456', 'abcd'])
    expect(lines).toEqual(['123456', 'abcd'])
  })

  it('cuts lines at the limit of the log', () => {
    const output = collectOutput({ outputBytesMax: 1e9 }, never)
    output.push('stdout', Buffer.alloc(3 * LIMITS.logLineBytesMax, 'x'))
    expect(output.finish().output.map((line) => line.length)).toEqual([8192, 8192, 8192])
  })
})
