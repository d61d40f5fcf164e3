import { expect, test } from 'vitest'
import { everyPage } from './every-page.ts'

/** Numbers from 1 to `count`, in pages that may be short and still have another after them. */
function numbers(count: number, pageMax: number) {
  const asked: { limit: number; cursor?: string }[] = []
  const ask = async ({ limit, cursor = '0' }: { limit: number; cursor?: string }) => {
    asked.push({ limit, cursor })
    const from = Number(cursor)
    const to = Math.min(count, from + Math.min(limit, pageMax))
    const items = Array.from({ length: to - from }, (_, at) => from + at + 1)
    return { items, next: to < count ? String(to) : undefined }
  }
  return { ask, asked }
}

test('a list is read page by page to its end', async () => {
  const { ask, asked } = numbers(1200, 500)
  expect(await everyPage(ask)).toHaveLength(1200)
  expect(asked.map(({ cursor }) => cursor)).toEqual(['0', '500', '1000'])
})

test('no more is asked for than was wanted, also where pages are short', async () => {
  const { ask, asked } = numbers(1200, 7)
  expect(await everyPage(ask, 20)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1))
  expect(asked.map(({ limit }) => limit)).toEqual([20, 13, 6])
})
