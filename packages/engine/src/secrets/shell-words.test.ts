import { expect, test } from 'vitest'
import { shellWords } from './shell-words.ts'

test.each<[string, string[]]>([
  ['', []],
  ['  make\tall\n', ['make', 'all']],
  ['A=1;B=2&&(c|d)>e', ['A=1', 'B=2', 'c', 'd', 'e']],
  [`a'b c'"d e"f`, ['ab cd ef']],
  ['a\\ b "c\\"d\\e" \'f\\g\'', ['a b', 'c"d\\e', 'f\\g']],
  ['$\'a b\' $"c d" $e', ['a b', 'c d', '$e']],
  ['a\\\nb "c\\\nd"', ['ab', 'cd']],
  ["a 'b c", ['a', 'b c']],
  ['a "b c\\', ['a', 'b c']],
  ['a\\', ['a']],
])('%j has the words %j', (line, words) => {
  expect(shellWords(line)).toEqual(words)
})
