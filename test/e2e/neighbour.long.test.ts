import { packlineClient } from '@packline/client'
import type { BuildRequestInput } from '@packline/shared'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { median } from '../../bench/figures.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'
import { needs } from '../harness/needs.ts'

const ROUNDS = 3
/** What a hostile build may add to the time of another one, beside what any busy build adds. */
const SLOWER_MAX = 1.2
const MS_MAX = 600_000

/** As a compiler on all cores, which writes what it makes. */
const ORDINARY = `
  for n in 1 2 3 4; do while :; do head -c 20M /dev/zero > $n; done & done
  echo ready
  wait`
/** Dozens of busy processes, memory and disk that are taken again and again, and forks. */
const HOSTILE = `
  for n in $(seq 80); do while :; do :; done & done
  for n in 1 2 3 4; do while :; do tail /dev/zero; done 2>/dev/null & done
  for n in 1 2 3 4; do while :; do head -c 100M /dev/zero > $n; rm -f $n; done & done
  (bomb() { bomb | bomb & bomb; }; while :; do bomb; done) 2>/dev/null &
  echo ready
  while :; do wait; done`
/** Computes, writes and reads, and says how long that took. */
const NEIGHBOUR = `
  begun=$(date +%s%N)
  for n in $(seq 8); do
    head -c 200M /dev/zero | sha256sum > sum
    head -c 20M /dev/zero > file
    sha256sum file > sum
  done
  echo "took $((($(date +%s%N) - begun) / 1000000)) ms"
  cp start.sh "$PACKLINE_OUTPUT/bootstrap"`

let line: TestLine
beforeAll(async () => {
  line = await startTestLine({
    environment: {
      PACKLINE_TOOL_SLOTS: '2',
      PACKLINE_MEMORY_MIB_MAX: '1024',
      PACKLINE_PROCESSES_MAX: '500',
      // The kernel counts the processes of a user, and other workers may have the usual ones.
      PACKLINE_UID_BASE: '60800',
    },
  })
})
afterAll(() => line.stop())

test('a build that takes all it can slows that of another tenant no more than an ordinary one does', {
  timeout: MS_MAX,
}, async (context) => {
  needs(context, 'redis', 'store', 'sandbox')
  const times: Record<'ordinary' | 'hostile', number[]> = { ordinary: [], hostile: [] }
  for (let round = 0; round < ROUNDS; round++) {
    times.ordinary.push(await beside(ORDINARY))
    times.hostile.push(await beside(HOSTILE))
  }
  const [ordinary, hostile] = [median(times.ordinary), median(times.hostile)]
  const slower = hostile / ordinary
  const [{ isolation = '' } = {}] = await line.client.workers()
  const figures = `beside an ordinary build ${ordinary} ms, beside a hostile one ${hostile} ms`
  process.stdout.write(`neighbour: ${figures}: ${slower.toFixed(2)} (${isolation})\n`)
  if (/control groups \d \([^)]*cpu/.test(isolation)) {
    expect(slower).toBeLessThanOrEqual(SLOWER_MAX)
  } else expect(slower).toBeGreaterThan(0)
})

function build(script: string): BuildRequestInput {
  return {
    function: 'neighbour',
    runtime: 'custom',
    handler: 'any',
    source: { kind: 'inline', files: { 'build.sh': script, 'start.sh': '#!/bin/sh\n' } },
    build: { command: ['bash', 'build.sh'], timeoutSeconds: 300 },
  }
}

/** Milliseconds that the neighbour takes while another tenant's build is under way. */
async function beside(script: string): Promise<number> {
  const other = packlineClient({ url: line.url, key: line.otherKey })
  const busy = await other.submit(build(script))
  await expect.poll(() => other.log(busy.id), { timeout: 60_000 }).toMatch(/^ready$/m)
  const { id } = await line.client.submit(build(NEIGHBOUR))
  for await (const _event of line.client.events(id));
  expect(await other.build(busy.id)).toMatchObject({ state: 'running' })
  await other.cancel(busy.id)
  for await (const _event of other.events(busy.id));
  const log = await line.client.log(id)
  const [, took] = /^took (\d+) ms$/m.exec(log) ?? []
  expect(took, log).toBeDefined()
  return Number(took)
}
