import { expect, test } from 'vitest'
import { normalName, parseRequirement, requirementLine } from './requirement.ts'

test('a requirement is taken apart', () => {
  expect(
    parseRequirement('Ruamel_YAML.clib [A, b] (>= 0.2, < 1) ; python_version < "3.12" '),
  ).toEqual({
    name: 'ruamel-yaml-clib',
    extras: ['a', 'b'],
    specifier: '>=0.2,<1',
    url: undefined,
    marker: 'python_version < "3.12"',
  })
  expect(parseRequirement('six')).toMatchObject({ name: 'six', extras: [], specifier: '' })
  expect(parseRequirement('six===1.16.x')).toMatchObject({ specifier: '===1.16.x' })
  expect(parseRequirement('six @ https://a.example/six.whl ; os_name == "posix"')).toMatchObject({
    url: 'https://a.example/six.whl',
    marker: 'os_name == "posix"',
  })
})

test.each(['six=1', 'six==', '==1', 'six 1.0', 'six; python_version', '-six', 'six[a', 'six>>1'])(
  '%s is none',
  (text) => {
    expect(parseRequirement(text)).toBeUndefined()
  },
)

test('names are compared as the registry does, and lines written back', () => {
  expect(normalName(' Zope.Interface__x ')).toBe('zope-interface-x')
  const parsed = parseRequirement('requests[socks,security] >= 2')
  expect(parsed && requirementLine(parsed)).toBe('requests[socks,security]>=2')
  const direct = parseRequirement('six @ https://a.example/six.whl')
  expect(direct && requirementLine(direct)).toBe('six @ https://a.example/six.whl')
})
