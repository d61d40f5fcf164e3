import { PacklineError } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import { type Followed, follow } from './follow.ts'

interface Item {
  seq: number
}

/** A list that is published as the test wants: also wrongly, as no Redis can be made to. */
function makeList() {
  const items: Item[] = []
  const listeners = new Set<(more: Item[] | undefined) => void>()
  const reads: number[] = []
  let away = 0
  const source: Followed<Item> = {
    async read(after, limit) {
      reads.push(after)
      if (away > 0) {
        away -= 1
        throw new PacklineError('RECORDS_UNAVAILABLE', 'away')
      }
      return { items: items.slice(after, after + limit), ended: false }
    },
    listen(hear) {
      listeners.add(hear)
      return () => listeners.delete(hear)
    },
    isLast: ({ seq }) => seq === 1000,
  }
  return {
    source,
    reads,
    listeners,
    goAway(times: number) {
      away = times
    },
    write: (count: number) => {
      const more = Array.from({ length: count }, (_, place) => ({ seq: items.length + place + 1 }))
      items.push(...more)
      return more
    },
    publish: (more: Item[] | undefined) => {
      for (const hear of listeners) hear(more)
    },
  }
}

const never = new AbortController().signal

async function take(items: AsyncIterator<Item>, count: number): Promise<number[]> {
  const taken: number[] = []
  while (taken.length < count) taken.push((await items.next()).value?.seq ?? Number.NaN)
  return taken
}

describe('follow', () => {
  test('takes what is published without reading the list again', async () => {
    const list = makeList()
    list.write(2)
    const items = follow(list.source, 0, never)
    expect(await take(items, 2)).toEqual([1, 2])
    const next = take(items, 3)
    list.publish(list.write(1))
    list.publish(list.write(2))
    expect(await next).toEqual([3, 4, 5])
    expect(list.reads).toEqual([0])
  })

  test('reads what lies between when a message was lost', async () => {
    const list = makeList()
    list.write(1)
    const items = follow(list.source, 0, never)
    expect(await take(items, 1)).toEqual([1])
    const next = take(items, 3)
    list.write(1)
    list.publish(list.write(2))
    expect(await next).toEqual([2, 3, 4])
  })

  test('gives no item twice when one is published twice or was read already', async () => {
    const list = makeList()
    const first = list.write(2)
    const items = follow(list.source, 0, never)
    const next = take(items, 3)
    list.publish(first)
    list.publish(first)
    list.publish(list.write(1))
    expect(await next).toEqual([1, 2, 3])
  })

  test('keeps a bounded number for a slow reader and reads the rest', async () => {
    const list = makeList()
    list.write(1)
    const items = follow(list.source, 0, never)
    expect(await take(items, 1)).toEqual([1])
    for (let round = 0; round < 99; round += 1) list.publish(list.write(10))
    expect(await take(items, 990)).toEqual(Array.from({ length: 990 }, (_, place) => place + 2))
    expect(list.reads.length).toBeGreaterThan(1)
  })

  test('outlasts Redis being away once it has begun, and says so when it could not begin', async () => {
    const list = makeList()
    list.write(1)
    const items = follow(list.source, 0, never)
    expect(await take(items, 1)).toEqual([1])
    list.goAway(1)
    list.write(1)
    list.publish(undefined)
    expect(await take(items, 1)).toEqual([2])

    list.goAway(1)
    await expect(follow(list.source, 0, never).next()).rejects.toMatchObject({
      code: 'RECORDS_UNAVAILABLE',
    })
  })

  test('stops listening when its reader leaves, the signal aborts, or the last item came', async () => {
    const list = makeList()
    list.write(1)
    for await (const item of follow(list.source, 0, never)) {
      expect(item.seq).toBe(1)
      expect(list.listeners.size).toBe(1)
      break
    }
    expect(list.listeners.size).toBe(0)

    const leaving = new AbortController()
    const waiting = follow(list.source, 1, leaving.signal).next()
    leaving.abort()
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect(list.listeners.size).toBe(0)

    list.write(999)
    const all = follow(list.source, 990, never)
    expect(await take(all, 10)).toEqual(Array.from({ length: 10 }, (_, place) => place + 991))
    expect((await all.next()).done).toBe(true)
    expect(list.listeners.size).toBe(0)
  })
})
