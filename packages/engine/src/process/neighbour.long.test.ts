import { expect, it } from 'vitest'
import { temporaryFolder } from '../../../../test/harness/temporary-folder.ts'
import type { Slot } from './isolation.ts'
import { runTool } from './run.ts'
import { findIsolation } from './sandbox.ts'

const MIB = 1024 * 1024
const ROUNDS = 3
/** What a hostile build may add to the time of another one, beside what any busy build adds. */
const SLOWER_MAX = 1.2

/** As a compiler on all cores. */
const ORDINARY = 'for n in 1 2 3 4; do while :; do :; done & done; echo ready; wait'
/** Dozens of busy processes, memory that is taken again and again, forks until none is left. */
const HOSTILE = `
  for n in $(seq 80); do while :; do :; done & done
  for n in 1 2 3 4; do while :; do tail /dev/zero; done 2>/dev/null & done
  (bomb() { bomb | bomb & bomb; }; while :; do bomb; done) 2>/dev/null &
  echo ready
  while :; do wait; done`
const NEIGHBOUR = `const { createHash } = require('node:crypto')
  const block = Buffer.alloc(1 << 20)
  for (let n = 0; n < 1500; n++) createHash('sha256').update(block).digest()`

const isolation = await findIsolation({
  bwrap: process.env.PACKLINE_TEST_BWRAP,
  uidBase: 64_000 + (process.pid % 900),
  limits: { memoryBytesMax: 1024 * MIB, processesMax: 500 },
})
const run = runTool(isolation)

it('a build that takes all it can slows another down no more than an ordinary one', async () => {
  const never = new AbortController().signal
  const [own, other] = [await isolation.acquireSlot(never), await isolation.acquireSlot(never)]
  const times: Record<'ordinary' | 'hostile', number[]> = { ordinary: [], hostile: [] }
  for (let round = 0; round < ROUNDS; round++) {
    times.ordinary.push(await beside(ORDINARY, own, other))
    times.hostile.push(await beside(HOSTILE, own, other))
  }
  own.release()
  other.release()
  // Whatever else runs on the machine only makes times longer.
  const [ordinary, hostile] = [Math.min(...times.ordinary), Math.min(...times.hostile)]
  const slower = hostile / ordinary
  const figures = `beside an ordinary build ${ordinary} ms, beside a hostile one ${hostile} ms`
  process.stdout.write(`neighbour: ${figures}: ${slower.toFixed(2)} (${isolation.description})\n`)
  if (isolation.fence?.held.has('cpu')) expect(slower).toBeLessThanOrEqual(SLOWER_MAX)
  else expect(slower).toBeGreaterThan(0)
}, 600_000)

/** Milliseconds that the neighbour takes while the other build is under way. */
async function beside(script: string, own: Slot, other: Slot): Promise<number> {
  const stop = new AbortController()
  const { promise: ready, resolve } = Promise.withResolvers<void>()
  const folder = temporaryFolder()
  await other.prepareFolder(folder)
  const busy = run(
    {
      argv: ['bash', '-c', script],
      cwd: '/build',
      env: { PATH: '/usr/bin:/bin' },
      network: 'none',
      binds: [{ from: folder, to: '/build', writable: true }],
    },
    {
      signal: stop.signal,
      timeoutMs: 120_000,
      outputBytesMax: 1e9,
      onLine: (line) => line === 'ready' && resolve(),
      slot: other,
    },
  )
  const ended = busy.then(
    ({ output }) => Promise.reject(new Error(`the other build ended: ${output.join('\n')}`)),
    (error) => (stop.signal.aborted ? undefined : Promise.reject(error)),
  )
  await Promise.race([ready, ended])
  const node = process.execPath
  const neighbour = await run(
    {
      argv: [node, '-e', NEIGHBOUR],
      cwd: '/',
      env: {},
      network: 'none',
      binds: [{ from: node, to: node }],
    },
    { signal: AbortSignal.timeout(120_000), timeoutMs: 120_000, outputBytesMax: 1e6, slot: own },
  )
  stop.abort()
  await ended
  expect(neighbour.exitCode).toBe(0)
  return neighbour.ms
}
