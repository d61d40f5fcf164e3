import { expect, test } from 'vitest'
import { namesIn } from '../../../../test/harness/in-both-languages.ts'
import { FAULT_NAMES, FAULTS, faultWords } from './faults.ts'

/** As many names as a text takes; the ends of programs have tests of their own. */
const FOUND = ['name_1', 'name_2', 'name_3']

test.each(FAULT_NAMES)('%s is in Chinese too, with the same names', (name) => {
  const words = faultWords(name, FOUND.slice(0, FAULTS[name].length))
  expect(words.zh).toMatch(/\p{Script=Han}/u)
  expect(namesIn(words.en).filter((one) => !words.zh.includes(one))).toEqual([])
  expect(`${words.en}${words.zh}`).not.toContain('undefined')
})

test('a program ends by an exit code or a signal', () => {
  expect(faultWords('endsUnasked', ['run', 3])).toEqual({
    en: 'run ended (exit code 3) before it asked for work',
    zh: 'run 还没有请求任务就结束了（退出码 3）',
  })
  expect(faultWords('endsWithoutResult', ['run', 'SIGKILL'])).toEqual({
    en: 'run ended (SIGKILL) before it answered',
    zh: 'run 还没有返回结果就结束了（信号 SIGKILL）',
  })
})

test('what a text is not made of is no fault of that name', () => {
  expect(() => faultWords('exits', [])).toThrow('exits takes 1')
  expect(() => faultWords('neverEnds', ['more'])).toThrow('neverEnds takes 0')
})
