import { LIMITS } from '@packline/shared'
import { describe, expect, it } from 'vitest'
import { makeHider } from '../secrets/hider.ts'
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

  it.each([1, 2, 3, 5, 7, 11])('hides what comes in chunks of %i bytes', (size) => {
    const secret = 'canary-of-chunks'
    const lines: string[] = []
    const onLine = (line: string) => lines.push(line)
    const output = collectOutput({ outputBytesMax: 1e6, onLine, hide: makeHider([secret]) }, never)
    const bytes = Buffer.from(`a ${secret} b\n${secret}${secret}\n${secret}`)
    for (let at = 0; at < bytes.length; at += size) {
      output.push('stdout', bytes.subarray(at, at + size))
    }
    const { stdout } = output.finish()
    expect(lines).toEqual(['a *** b', '***', '***'])
    expect(stdout).toBe('a *** b\n***\n***')
  })

  it('hides what stands where a long line is cut, wherever that is', () => {
    const secret = 'canary-of-a-long-line'
    for (let before = 1; before <= secret.length; before++) {
      const hide = makeHider([secret])
      const output = collectOutput({ outputBytesMax: 1e6, hide }, never)
      const start = 'x'.repeat(LIMITS.logLineBytesMax - before)
      output.push('stdout', Buffer.from(`${start}${secret} after`))
      const { output: lines, stdout } = output.finish()
      // Of a piece that is too short to be known for one some may be seen, never the rest.
      expect(lines.join('')).not.toContain(secret.slice(7))
      expect(stdout).toBe(`${start}*** after`)
    }
  })

  it('cuts lines at the limit of the log', () => {
    const output = collectOutput({ outputBytesMax: 1e9 }, never)
    output.push('stdout', Buffer.alloc(3 * LIMITS.logLineBytesMax, 'x'))
    expect(output.finish().output.map((line) => line.length)).toEqual([8192, 8192, 8192])
  })
})
