import { expect, test } from 'vitest'
import { nextWaitMs } from './schedule.ts'

const HOUR_MS = 3_600_000

function waits(chance: number): number[] {
  const all: number[] = []
  for (let attempts = 1; ; attempts++) {
    const ms = nextWaitMs(attempts, 0, chance)
    if (ms === undefined) return all
    all.push(ms)
  }
}

test('attempts come soon at first, then ever later, for 24 hours', () => {
  const all = waits(0.5)
  expect(all[0]).toBe(5000)
  expect(all.every((ms, place) => place === 0 || ms > (all[place - 1] ?? 0))).toBe(true)
  expect(all.reduce((sum, ms) => sum + ms, 0)).toBeCloseTo(24 * HOUR_MS, -4)
  expect(all).toHaveLength(10)
})

test('each is a tenth sooner or later, so that not all come at once', () => {
  expect([nextWaitMs(1, 0, 0), nextWaitMs(1, 0, 1)]).toEqual([4500, 5500])
})

test('a receiver may ask for more time, but not beyond the 24 hours', () => {
  expect(nextWaitMs(1, 60_000, 0.5)).toBe(60_000)
  expect(nextWaitMs(1, 1, 0.5)).toBe(5000)
  expect(nextWaitMs(1, 1e12, 0.5)).toBeCloseTo(24 * HOUR_MS, -4)
  expect(nextWaitMs(10, 1e12, 0.5)).toBeLessThan(9 * HOUR_MS)
  expect(nextWaitMs(11, 1e12)).toBeUndefined()
})
