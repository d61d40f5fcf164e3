import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { startBare } from '../../bench/bare/start.ts'
import { oneFileFunctions } from '../../bench/functions.ts'
import { submitAndWatch } from '../../bench/watch.ts'
import { needs } from '../harness/needs.ts'
import { removeKeys, withBucket } from '../harness/own-place.ts'
import { until } from '../harness/processes.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const BENCH_MS_MAX = 4 * 60_000
const STOPPED_MS_MAX = 30_000

beforeEach((context) => needs(context, 'redis', 'store'))

/** On the run's own Redis and MinIO. */
function bench(...args: string[]) {
  const child = spawn(process.execPath, [path.join(ROOT, 'bench/main.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const output = Promise.all([text(child.stdout), text(child.stderr)])
  const folder = path.join(ROOT, '.local', `bench-${child.pid}`)
  return { child, folder, output, exited: once(child, 'close') }
}

test(
  'the bench measures the line and both floors, and ends with its two figures',
  async () => {
    const { folder, output, exited } = bench('--functions', '20', '--pairs', '1', '--loads', '4')
    const [stdout, stderr] = await output
    expect(stderr).toBe('')
    const rates = 'line \\d+/s, bare topology \\d+/s, bare loop \\d+/s'
    const loads = 'line \\d+\\.\\d/s, sandbox alone \\d+\\.\\d/s'
    const figure = '\\d+\\.\\d\\d'
    const lines = [
      `pair 1: ${rates}`,
      `median: ${rates}`,
      `ratio ${figure}`,
      `loop ${figure}`,
      `load pair 1: ${loads}`,
      `median with load check: ${loads}`,
      `load ${figure}`,
    ]
    expect(stdout).toMatch(RegExp(`^${lines.join('\n')}\n$`))
    expect(stdout).not.toMatch(/ 0(\.0)?\/s|ratio 0\.00|loop 0\.00|load 0\.00/)
    expect((await exited)[0]).toBe(0)
    expect(existsSync(folder)).toBe(false)
  },
  BENCH_MS_MAX,
)

test('SIGTERM in the middle stops what it started and leaves no folder', async () => {
  const { child, folder, output, exited } = bench('--functions', '20000')
  await until(() => existsSync(path.join(folder, 'bare-worker.log')), 60_000)
  const stopped = performance.now()
  child.kill('SIGTERM')
  expect((await exited)[0], (await output).join('')).toBe(143)
  expect(performance.now() - stopped).toBeLessThan(STOPPED_MS_MAX)
  expect(existsSync(folder)).toBe(false)
})

test('a job of the bare topology that fails ends the bench instead of being waited for', async () => {
  const redis = process.env.PACKLINE_TEST_REDIS_URL ?? ''
  const store = withBucket(process.env.PACKLINE_TEST_STORE_URL ?? '', 'nobody-made-this-bucket')
  const signal = AbortSignal.timeout(60_000)
  const bare = await startBare({ root: ROOT, folder: temporaryFolder(), redis, store, signal })
  onTestFinished(async () => {
    await Promise.all(bare.services.map((service) => service.stop()))
    await removeKeys(redis, '{bare}')
  })
  const watched = submitAndWatch({ url: bare.url, key: 'any' }, oneFileFunctions(3), signal)
  await expect(watched).rejects.toThrow(/^the build b\w+ failed$/)
})
