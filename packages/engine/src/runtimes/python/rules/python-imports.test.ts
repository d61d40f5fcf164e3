import { expect, test } from 'vitest'
import { importsOf } from './python-imports.ts'

/** "line: ..module: names" of each. */
const read = (text: string) =>
  importsOf(text).map(({ module, level, names, line }) => {
    const what = `${'.'.repeat(level)}${module}`
    return `${line}: ${what}${names.length > 0 ? `: ${names.join(',')}` : ''}`
  })

test('every form of import, wherever it stands', () => {
  const text = `# 导入
import os, a.b.c as c
from x.y import (
    one,  # first
    two as second,
)
from . import sibling; from ..up import *
from .near import thing \\
    as other
def handler(event, context):
    if event:
        import lazy
    class Inner:
        import nested
`
  expect(read(text)).toEqual([
    '2: os',
    '2: a.b.c',
    '3: x.y: one,two',
    '7: .: sibling',
    '7: ..up: *',
    '8: .near: thing',
    '12: lazy',
    '14: nested',
  ])
})

test('text and comments that look like imports are none', () => {
  expect(read('"""\nimport a\n"""\n# import b\nx = "import c"\nimporter = 1\n')).toEqual([])
})

test.each([
  ['an except for it', 'try:\n    import a\nexcept ImportError:\n    import b\n'],
  [
    'one of several',
    'try:\n    import a\nexcept (KeyError, ModuleNotFoundError) as e:\n    a = None\n',
  ],
  ['everything', 'try:\n    import a\nexcept:\n    pass\n'],
  ['any error', 'try:\n    import a\nexcept Exception as error:\n    print(error)\n'],
  ["Python 2's form", 'try:\n    import a\nexcept ImportError, e:\n    print e\n'],
  ['suppress', 'with contextlib.suppress(ImportError):\n    import a\n'],
  ['TYPE_CHECKING', 'if TYPE_CHECKING:\n    import a\n'],
  ['typing.TYPE_CHECKING', 'if typing.TYPE_CHECKING:\n    from a import b\n'],
  ['not TYPE_CHECKING', 'if not TYPE_CHECKING:\n    pass\nelse:\n    import a\n'],
  ['the version', 'if sys.version_info[0] == 2:\n    import a\nelse:\n    import b\n'],
  [
    'a version later on',
    'if x:\n    pass\nelif sys.version_info >= (3,):\n    import a\nelse:\n    import b\n',
  ],
  ['the platform', 'if sys.platform == "win32":\n    import a\n'],
  ['being the program', 'if __name__ == "__main__":\n    import a\n'],
  [
    'nested',
    'try:\n    if x:\n        for y in z:\n            import a\nexcept ImportError:\n    pass\n',
  ],
])('guarded by %s', (_, text) => {
  expect(read(text)).toEqual([])
})

test.each([
  ['another error', 'try:\n    import a\nexcept KeyError:\n    pass\n', 1],
  ['finally', 'try:\n    x()\nexcept ImportError:\n    pass\nfinally:\n    import a\n', 1],
  ['else', 'try:\n    x()\nexcept ImportError:\n    pass\nelse:\n    import a\n', 1],
  ['else of TYPE_CHECKING', 'if TYPE_CHECKING:\n    pass\nelse:\n    import a\n', 1],
  ['not TYPE_CHECKING', 'if not TYPE_CHECKING:\n    import a\n', 1],
  ['an ordinary if', 'if x:\n    import a\nelse:\n    import b\n', 2],
])('not guarded by %s', (_, text, count) => {
  expect(read(text)).toHaveLength(count)
})

test('Python 2 and what does not parse are read around', () => {
  expect(read('print "x", y\nexec "z"\nraise E, "x"\nimport a\n')).toEqual(['4: a'])
  expect(read('def broken(:\n    pass\nimport a\nx = = 1\nimport b\n')).toEqual(['3: a', '5: b'])
  expect(read('match x:\n    case {"a": 1}:\n        import a\ntype X = int\nimport b\n')).toEqual([
    '3: a',
    '5: b',
  ])
})

test('what nests without end is read all the same', () => {
  const deep = `x = ${'('.repeat(5_000)}1${')'.repeat(5_000)}\nimport a\n`
  expect(read(deep)).toEqual(['2: a'])
})
