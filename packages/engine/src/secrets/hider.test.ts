import { describe, expect, test } from 'vitest'
import { makeHider } from './hider.ts'

const SECRET = 'canary+7Rw2/of "tools"=&x'
const hider = makeHider([SECRET, 'hush'])

/** Of each character some would do to guess the rest: none of these may be left. */
function leaks(text: string): string[] {
  const forms = [SECRET, encodeURIComponent(SECRET), btoa(SECRET), btoa(`x${SECRET}`).slice(2)]
  return forms.flatMap((form) => {
    const parts = Array.from({ length: form.length - 7 }, (_, at) => form.slice(at, at + 8))
    return parts.filter((part) => text.includes(part))
  })
}

const of = (lines: readonly string[]) => {
  const hide = hider.lines()
  return lines.map((line) => hide(line))
}

describe('a secret that a tool prints', () => {
  test.each([
    ['as it is', SECRET, '***'],
    ['between words', `a ${SECRET}b`, 'a ***b'],
    ['twice', `${SECRET} and ${SECRET}`, '*** and ***'],
    ['as JSON', JSON.stringify({ a: SECRET }), '{"a":"***"}'],
    ['in an address', `?a=${encodeURIComponent(SECRET)}&b=1`, '?a=***&b=1'],
    ['that is short', 'hush, hush', '***, ***'],
  ])('%s is not told', (_what, line, told) => {
    expect(of([line])).toEqual([told])
    expect(hider.text(`first\n${line}\nlast`)).toBe(`first\n${told}\nlast`)
  })

  test.each(['', 'u', 'us', 'user:', 'some other text: '])(
    'in base64 after %j is not told',
    (by) => {
      for (const after of ['', ':', '\n', ' and more']) {
        const text = Buffer.from(`${by}${SECRET}${after}`)
        for (const encoding of ['base64', 'base64url'] as const) {
          const told = of([`Basic ${text.toString(encoding)}`]).join()
          expect(told).toMatch(/^Basic .*\*\*\*/)
          expect(leaks(told)).toEqual([])
        }
      }
    },
  )

  test('in base64 over lines of any width is not told', () => {
    const text = Buffer.from(`{"auth":"${SECRET}"}`).toString('base64')
    for (let width = 8; width < text.length; width += 1) {
      const lines = text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []
      expect([width, leaks(of(lines).join(''))]).toEqual([width, []])
    }
  })

  test('over two lines, wherever they are parted, is not told', () => {
    for (let at = 1; at < SECRET.length; at += 1) {
      const told = of([`a ${SECRET.slice(0, at)}`, `${SECRET.slice(at)} b`])
      expect([at, leaks(told.join(''))]).toEqual([at, []])
      expect(told[1]).toBe('*** b')
    }
  })

  test('over many lines is not told from its eighth character on', () => {
    for (let width = 2; width < SECRET.length; width += 1) {
      const lines = SECRET.match(new RegExp(`.{1,${width}}`, 'g')) ?? []
      const told = of(['before', ...lines, 'after'])
      expect([width, leaks(told.join(''))]).toEqual([width, []])
      expect([told.at(0), told.at(-1)]).toEqual(['before', 'after'])
    }
  })

  test('over many lines, each with what a tool writes before it, is not told', () => {
    for (let width = 2; width < SECRET.length; width += 1) {
      const pieces = SECRET.match(new RegExp(`.{1,${width}}`, 'g')) ?? []
      const told = of(['start', ...pieces, 'end'].map((piece) => `npm error ${piece}`))
      const joined = told.map((line) => line.replace(/^npm error /, '')).join('')
      expect([width, leaks(joined)]).toEqual([width, []])
      expect([told.at(0), told.at(-1)]).toEqual(['npm error start', 'npm error end'])
    }
  })

  test('in each of two streams, each with its own lines, is not told', () => {
    const [out, err] = [hider.lines(), hider.lines()]
    const half = SECRET.length / 2
    const told = [out(SECRET.slice(0, half)), err('other'), out(SECRET.slice(half))]
    expect(told).toEqual(['***', 'other', '***'])
  })
})

describe('an address that a tool prints', () => {
  test.each([
    ['https://me:pass@host/a', 'https://***@host/a'],
    ['https://ghp_token@host/a.git', 'https://***@host/a.git'],
    ['git+https://oauth2:t@host/a', 'git+https://***@host/a'],
    ['"HTTP://a:b@host" and "http://c@host"', '"HTTP://***@host" and "http://***@host"'],
    ['ssh://git@host:22/a', 'ssh://git@host:22/a'],
    ['ssh://git:pass@host/a', 'ssh://git:***@host/a'],
    ['postgres://me:pass@host/db', 'postgres://me:***@host/db'],
    [
      'https://host/@scope/a https://host:8080/b?c=d@e',
      'https://host/@scope/a https://host:8080/b?c=d@e',
    ],
    ['git@host:a/b.git me@example.com', 'git@host:a/b.git me@example.com'],
  ])('%s is told as %s', (printed, told) => {
    expect(makeHider([]).text(printed)).toBe(told)
  })
})

test('all else is told as it is', () => {
  const lines = ['npm warn deprecated x', '', '  hus', 'h', 'canary', 'canary+', '='.repeat(9000)]
  expect(of(lines)).toEqual(lines)
  expect(makeHider(['abc', '']).text('abc abc')).toBe('abc abc')
})

test('many lines take no time', () => {
  const secrets = Array.from({ length: 10 }, (_, at) => `${at}-${'x'.repeat(60)}-${at}`)
  const hide = makeHider(secrets).lines()
  const startedAt = performance.now()
  for (let at = 0; at < 100_000; at += 1) hide(`${at} added 57 packages, and audited 58 packages`)
  hide('x'.repeat(8192).repeat(100))
  expect(performance.now() - startedAt).toBeLessThan(5000)
})
