import { describe, expect, test } from 'vitest'
import { firstThatWorks, type Way } from './way.ts'

const fails = (name: string, reason: string): Way<string> => ({
  name,
  open: () => Promise.reject(new Error(reason)),
})
const works = (name: string): Way<string> => ({ name, open: async () => `by ${name}` })

function search(ways: Way<string>[], signal?: AbortSignal) {
  const notes: string[] = []
  const found = firstThatWorks({
    thing: 'Redis',
    ways,
    note: (line) => notes.push(line),
    code: 'RECORDS_UNAVAILABLE',
    hint: 'Install it.',
    signal,
  })
  return { found, notes }
}

describe('firstThatWorks', () => {
  test('answers the first way that works and does not try those after it', async () => {
    const { found, notes } = search([works('path'), fails('container', 'not asked')])
    expect(await found).toBe('by path')
    expect(notes).toEqual([])
  })

  test('says in one line why each way before it failed', async () => {
    const { found, notes } = search([fails('url', 'none given\nat x'), works('path')])
    expect(await found).toBe('by path')
    expect(notes).toEqual(['Redis: url: none given'])
  })

  test('fails with every reason and how to mend it when no way is left', async () => {
    const { found } = search([fails('url', 'none given'), fails('path', 'no program')])
    await expect(found).rejects.toMatchObject({
      code: 'RECORDS_UNAVAILABLE',
      message: 'No Redis here (url: none given; path: no program).',
      hint: 'Install it.',
    })
  })

  test('tries nothing more after it was called off', async () => {
    const abort = new AbortController()
    const cut: Way<string> = {
      name: 'url',
      open: () => {
        abort.abort()
        return Promise.reject(new Error('cut'))
      },
    }
    const { found, notes } = search([cut, works('path')], abort.signal)
    await expect(found).rejects.toThrow(/aborted/)
    expect(notes).toEqual([])
  })
})
