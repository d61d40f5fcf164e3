import { Writable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { showProgress } from './progress.ts'

function output(more: Partial<NodeJS.WriteStream> = {}) {
  let text = ''
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      text += chunk
      done()
    },
  })
  return { stream: Object.assign(stream, more) as NodeJS.WriteStream, text: () => text }
}

describe('where there is no terminal', () => {
  test('each change is one plain line, and what is said again is none', () => {
    const { stream, text } = output()
    const progress = showProgress(stream)
    progress.say('one', 'queued')
    progress.say('two', 'queued')
    progress.say('one', 'queued')
    progress.say('one', 'npm ci', 0.5)
    progress.total(1, 2, 'running')
    progress.end('one', 'proved, 1.0 KiB')
    progress.close()
    expect(text()).toBe('one: queued\ntwo: queued\none: npm ci\none: proved, 1.0 KiB\n')
  })
})

describe('on a terminal', () => {
  const lastFrame = (text: string) => {
    // A frame that is drawn anew follows a cleared screen area.
    const frames = stripVTControlCharacters(text).split('\n')
    return frames.map((line) => line.trimEnd()).filter(Boolean)
  }

  test('what has ended stays above the block, which is gone in the end', () => {
    const { stream, text } = output({ isTTY: true, columns: 80, rows: 24 })
    const progress = showProgress(stream)
    progress.say('one', 'queued')
    progress.say('longer', 'npm ci')
    expect(lastFrame(text())).toContain('  longer  npm ci')
    progress.end('longer', 'proved')
    progress.end('one', 'failed: TIMED_OUT')
    const before = text().length
    progress.close()
    expect(lastFrame(text().slice(0, before))).toContain('  longer: proved')
    expect(lastFrame(text())).toContain('  one: failed: TIMED_OUT')
  })

  test('there is a bar for each that says how far it is, and one over all below them', () => {
    const { stream, text } = output({ isTTY: true, columns: 60, rows: 24 })
    const progress = showProgress(stream)
    progress.say('one', 'npm ci', 0.5)
    progress.say('two', 'queued')
    progress.total(3, 4, '1 failed')
    const frame = lastFrame(text()).slice(-3)
    progress.close()
    expect(frame).toEqual([
      '  one  ██████░░░░░░  npm ci',
      '  two  queued',
      '  █████████░░░  3 of 4  1 failed',
    ])
  })

  test('what works stands before what waits, and what does not fit is counted', () => {
    const { stream, text } = output({ isTTY: true, columns: 40, rows: 5 })
    const progress = showProgress(stream)
    for (const name of ['a', 'b', 'c', 'd']) progress.say(name, 'queued')
    const before = text().length
    progress.say('e', `javac ${'x'.repeat(80)}`)
    const frame = lastFrame(text().slice(before))
    progress.close()
    expect(frame.every((line) => line.length <= 40)).toBe(true)
    expect(frame[0]).toMatch(/^ {2}e {2}javac x+$/)
    expect(text()).toContain('and 3 more')
  })
})
