import { expect, test } from 'vitest'
import type { Declared, ListLine } from './declared.ts'
import { installList, placeIn } from './install-list.ts'

const line = (text: string, at: number, more: Partial<ListLine> = {}): ListLine => ({
  ...{ text, hashes: [], file: 'requirements.txt', line: at },
  ...more,
})
const listOf = (lines: ListLine[], more: Partial<Declared> = {}) =>
  installList({ path: 'p', lines, constraints: [], settings: [], locked: false, ...more })

test('each line is followed by the place that asks for it', () => {
  const list = listOf([line('six', 2), line('Zope.Interface>=5', 4)], { settings: ['--pre'] })
  expect(list).toEqual({
    text: '--pre\nsix  # requirements.txt, line 2\nZope.Interface>=5  # requirements.txt, line 4\n',
    constraints: '',
    hashed: false,
  })
  expect(placeIn(list.text, 'six')).toBe('requirements.txt, line 2')
  expect(placeIn(list.text, 'zope-interface')).toBe('requirements.txt, line 4')
  expect(placeIn(list.text, 'si')).toBeUndefined()
  expect(placeIn(list.text, 'zope')).toBeUndefined()
})

test('files of the source get their hashes where the others have some', () => {
  const own = line('a @ file:///a.whl', 1, { hashes: ['sha256:aa'], local: 'wheel' })
  expect(listOf([own, line('six', 2)])).toMatchObject({
    hashed: false,
    text: expect.not.stringContaining('--hash'),
  })
  const held = line('six==1', 2, { hashes: ['sha256:bb', 'sha256:cc'] })
  expect(listOf([own, held])).toMatchObject({
    hashed: true,
    text: 'a @ file:///a.whl --hash=sha256:aa  # requirements.txt, line 1\nsix==1 --hash=sha256:bb --hash=sha256:cc  # requirements.txt, line 2\n',
  })
})

test('constraints are a file of their own', () => {
  expect(
    listOf([line('six', 1)], { constraints: [line('six<2', 1, { file: 'c.txt' })] }),
  ).toMatchObject({
    constraints: 'six<2  # c.txt, line 1\n',
  })
})

test('what an installer would take for more than one requirement is refused', () => {
  const one = (text: string, more: Partial<ListLine> = {}) => {
    const hashes = ['sha256:aa']
    return () => listOf([line('six', 1), line(text, 2, { hashes, ...more })])
  }
  expect(one('six')).not.toThrow()
  expect(one('six==1\n--no-binary lib')).toThrow(
    'requirements.txt, line 2: "six==1 --no-binary lib" is no single requirement',
  )
  for (const text of ['six\r-e lib', 'six\u2028lib', 'six -e lib', '-e lib', '--no-binary=lib']) {
    expect(one(text), text).toThrow('is no single requirement')
  }
  expect(one('six', { hashes: ['sha256:aa --no-binary lib'] })).toThrow('no single requirement')
  expect(one('six', { file: 'a\n-e lib' })).toThrow('no single requirement')
  const constraints = [line('six -e lib', 3, { file: 'held.txt' })]
  expect(() => listOf([], { constraints })).toThrow('held.txt, line 3')
})
