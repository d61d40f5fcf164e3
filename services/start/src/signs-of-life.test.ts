import { expect, test } from 'vitest'
import { withSignsOfLife } from './signs-of-life.ts'

test('says that it goes on until it ends, then no more', async () => {
  const { promise, resolve } = Promise.withResolvers<string>()
  const said: number[] = []
  const { promise: twice, resolve: saidTwice } = Promise.withResolvers<void>()
  const work = withSignsOfLife(promise, (seconds) => said.push(seconds) === 2 && saidTwice(), 5)
  await twice
  resolve('done')
  expect(await work).toBe('done')
  const count = said.length
  await new Promise((end) => setTimeout(end, 30))
  expect(said).toHaveLength(count)
  expect(said[0]).toBe(0)
})

test('says nothing of what is quick, and hands on a failure', async () => {
  const said: number[] = []
  const failing = withSignsOfLife(Promise.reject(new Error('no network')), (one) => said.push(one))
  await expect(failing).rejects.toThrow('no network')
  expect(said).toEqual([])
})
