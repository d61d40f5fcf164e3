import { setImmediate } from 'node:timers'
import { expect, test } from 'vitest'
import { createPause } from './pause.ts'

test('lets others have a turn while a long loop runs', async () => {
  const pause = createPause(undefined)
  let turns = 0
  const count = () => {
    turns += 1
    next = setImmediate(count)
  }
  let next = setImmediate(count)
  const end = performance.now() + 100
  while (performance.now() < end) {
    const tired = pause()
    if (tired) await tired
  }
  clearImmediate(next)
  // Every 10 ms on an idle machine; a busy one may take some turns for itself.
  expect(turns).toBeGreaterThan(1)
})

test('costs a short loop nothing: no promise is made', () => {
  const pause = createPause(undefined)
  const promises = Array.from({ length: 15 }, () => pause()).filter(Boolean)
  expect(promises).toEqual([])
})

test('ends a long loop at the signal, with its reason', async () => {
  const stop = new AbortController()
  const pause = createPause(stop.signal)
  const loop = async () => {
    for (;;) {
      const tired = pause()
      if (!tired) continue
      stop.abort(new Error('enough'))
      await tired
    }
  }
  await expect(loop()).rejects.toThrow('enough')
})
