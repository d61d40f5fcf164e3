import type { WorkerView } from '@packline/shared'
import { expect, test } from 'vitest'
import { tenantWindow } from './tenant-window.ts'

const workers = (...slots: number[]) => slots.map((buildsMax) => ({ buildsMax }) as WorkerView)

test('a window is four times what the farm does at once, and 100 at least', async () => {
  expect(await tenantWindow({ listWorkers: async () => workers(64, 64) })()).toBe(512)
  expect(await tenantWindow({ listWorkers: async () => workers(8) })()).toBe(100)
  expect(await tenantWindow({ listWorkers: async () => [] })()).toBe(100)
})

test('the farm is looked at once for many requests', async () => {
  let looks = 0
  const window = tenantWindow({
    listWorkers: async () => {
      looks++
      return workers(64)
    },
  })
  expect(await Promise.all([window(), window(), window()])).toEqual([256, 256, 256])
  expect(looks).toBe(1)
})

test('a look that failed is not remembered', async () => {
  const answers = [Promise.reject(new Error('away')), Promise.resolve(workers(50))]
  answers[0]?.catch(() => undefined)
  const window = tenantWindow({ listWorkers: () => answers.shift() ?? Promise.resolve([]) })
  await expect(window()).rejects.toThrow('away')
  expect(await window()).toBe(200)
})
