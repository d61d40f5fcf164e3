import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { remember } from './remember.ts'

function counted(most: number, ms: number) {
  const asked: string[] = []
  const ask = async (question: string) => {
    asked.push(question)
    if (question === 'bad') throw new Error('no')
    return `${question}!`
  }
  return { asked, answer: remember(ask, { most, ms }) }
}

test('what was asked a moment ago is not asked again, nor what is being asked', async () => {
  const { asked, answer } = counted(2, 10_000)
  expect(await Promise.all([answer('a'), answer('a')])).toEqual(['a!', 'a!'])
  expect(await answer('a')).toBe('a!')
  expect(asked).toEqual(['a'])
})

test('the oldest answer makes room', async () => {
  const { asked, answer } = counted(2, 10_000)
  for (const question of ['a', 'b', 'c', 'b', 'a']) await answer(question)
  expect(asked).toEqual(['a', 'b', 'c', 'a'])
})

test('an answer is forgotten after its time, a failure at once', async () => {
  const { asked, answer } = counted(2, 20)
  await answer('a')
  await wait(60)
  await answer('a')
  await expect(answer('bad')).rejects.toThrow('no')
  await expect(answer('bad')).rejects.toThrow('no')
  expect(asked).toEqual(['a', 'a', 'bad', 'bad'])
})
