import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { repeat } from './repeat.ts'

function logger() {
  const lines: string[] = []
  const info = (message: string) => void lines.push(message)
  const warn = (_details: object, message: string) => void lines.push(message)
  return { lines, logger: { info, warn } }
}

test('runs follow one another, never two at once, until the signal aborts', async () => {
  const abort = new AbortController()
  let [runs, atOnce, most] = [0, 0, 0]
  await repeat(
    1,
    'the work',
    async () => {
      runs += 1
      atOnce += 1
      most = Math.max(most, atOnce)
      await wait(5)
      atOnce -= 1
      if (runs === 3) abort.abort()
    },
    abort.signal,
    logger().logger,
  )
  expect({ runs, most }).toEqual({ runs: 3, most: 1 })
})

test('a failure is said when it begins and when it is over', async () => {
  const abort = new AbortController()
  const { lines, logger: log } = logger()
  let runs = 0
  await repeat(
    1,
    'the sweep',
    async () => {
      runs += 1
      if (runs === 5) abort.abort()
      if (runs > 1 && runs < 4) throw new Error('away')
    },
    abort.signal,
    log,
  )
  expect(lines).toEqual(['the sweep does not work', 'the sweep works again'])
})

test('it waits for nothing once it is aborted', async () => {
  const abort = new AbortController()
  const started = performance.now()
  const repeating = repeat(60_000, 'it', async () => undefined, abort.signal, logger().logger)
  setTimeout(() => abort.abort(), 20)
  await repeating
  expect(performance.now() - started).toBeLessThan(5000)
})
