import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { cloneTree } from '../harness/clone.ts'
import { needs } from '../harness/needs.ts'
import { npmStart, processesOf } from '../harness/npm-start.ts'

/** Everything is compiled and fetched anew: this clone has no caches of its own. */
const COLD_MS_MAX = 15 * 60_000

let folder: string
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'packline start ')))
  await cloneTree(join(folder, 'whole clone'))
})
beforeEach((context) => needs(context, 'redis', 'npm', 'git'))
afterAll(() => rm(folder, { recursive: true, force: true }))

test(
  'npm start -- --once packages all examples but for what the machine lacks, which it names',
  async () => {
    const clone = join(folder, 'whole clone')
    // Without the tests' own Redis: a bare Debian unpacks one.
    const environment = { PATH: process.env.PATH ?? '' }
    const run = await npmStart(clone, ['--once'], { environment })
    const code = await run.exited
    const text = await run.output()
    expect(text).toMatch(/\n\d+ packaged, 1 failed, \d+ not built: as expected \(broken-on-/)
    expect(code).toBe(0)
    // A machine that is busy unpacks for so long that signs of life come between.
    const [, how] = /^Redis {4}(?!none here|still unpacking)(.+)$/m.exec(text) ?? []
    expect(text.includes('unpacking the distribution')).toBe(how === 'redis-server unpacked')
    const [, packaged, missing] = /\n(\d+) packaged, 1 failed, (\d+) not built/.exec(text) ?? []
    expect(Number(packaged) + Number(missing)).toBe(10)
    for (const line of text.split('\n').filter((one) => one.includes(': not built: '))) {
      expect(line).toMatch(/: not built: .+ \(.+\)$/)
    }
    expect(await processesOf(clone)).toEqual([])
  },
  COLD_MS_MAX,
)
