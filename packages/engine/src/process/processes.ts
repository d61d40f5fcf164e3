import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'

/** The kernel ends a whole process namespace within milliseconds; this is far beyond. */
const GONE_WITHIN_MS = 5000
const ROUNDS_MAX = 20
/** More than a worker ends within the moment that process 1 takes. */
const UNCOLLECTED_MAX = 1000
const COLLECTED_LOOK_MS = 20

/** Those that were seen to have ended and were still listed: zombies, the oldest first. */
const uncollected = new Set<number>()

/** Kills every process of a group; none left is what is wanted. */
export function killGroup(leader: number | undefined): void {
  if (leader === undefined) return
  try {
    process.kill(-leader, 'SIGKILL')
  } catch {
    // ESRCH: the group has ended by itself.
  }
}

/**
 * Waits until a process has ended. Of the first process of a namespace this says that all others
 * in it are gone too: the kernel ends it last. Returns whether it did within five seconds.
 */
export async function waitUntilGone(pid: number): Promise<boolean> {
  const deadline = performance.now() + GONE_WITHIN_MS
  for (;;) {
    const state = await stateOf(pid)
    if (isZombie(state)) remember(pid)
    if (state === '' || isZombie(state)) return true
    if (performance.now() > deadline) return false
    await wait(1)
  }
}

/** A zombie has ended; in containers nobody may be there to collect it, or nobody in a hurry. */
function isZombie(state: string): boolean {
  return state === 'Z' || state === 'X'
}

/** One letter, empty for a process that is not there. */
async function stateOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3)
}

function remember(pid: number): void {
  uncollected.add(pid)
  const [oldest] = uncollected
  if (uncollected.size > UNCOLLECTED_MAX && oldest !== undefined) uncollected.delete(oldest)
}

/**
 * Waits at most so many milliseconds until what `waitUntilGone` saw as zombies has been collected,
 * so that a worker that ends leaves nothing in the list of processes.
 */
export async function untilCollected(ms: number): Promise<void> {
  const deadline = performance.now() + ms
  for (;;) {
    for (const pid of uncollected) if (!isZombie(await stateOf(pid))) uncollected.delete(pid)
    if (uncollected.size === 0 || performance.now() > deadline) return
    await wait(COLLECTED_LOOK_MS)
  }
}

/**
 * Kills processes that left their command's group (setsid): those whose environment at their start
 * held the marker. Only Linux shows it; elsewhere, and where a process hid it, they live on.
 */
export async function killStrays(marker: string): Promise<void> {
  // A process may start another while they are looked for: until a round finds none.
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const names = await readdir('/proc').catch(() => [])
    const pids = names.filter((name) => /^\d+$/.test(name)).map(Number)
    const found = await Promise.all(pids.map((pid) => holds(pid, marker)))
    const strays = pids.filter((_, index) => found[index])
    if (strays.length === 0) return
    for (const pid of strays) killOne(pid)
    await Promise.all(strays.map(waitUntilGone))
  }
}

async function holds(pid: number, marker: string): Promise<boolean> {
  if (pid === process.pid) return false
  // Another user's process, or one that has just ended: not ours.
  const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')
  return environment.includes(marker)
}

function killOne(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // ESRCH: it ended in between.
  }
}

/** How often the kernel has killed a process for want of memory since it started; Linux tells. */
export async function memoryKills(): Promise<number> {
  const counters = await readFile('/proc/vmstat', 'utf8').catch(() => '')
  return Number(/^oom_kill (\d+)$/m.exec(counters)?.[1] ?? 0)
}
