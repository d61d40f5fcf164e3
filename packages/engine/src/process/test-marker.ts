import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'

let count = 0

/** For tests: seconds for `sleep` that no other process on this machine was given. */
export function uniqueSeconds(): string {
  count += 1
  return `9${process.pid}.${Date.now() % 1_000_000}${count}`
}

/** Ids of running processes with this text among their arguments. */
export async function processesWith(text: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    pids.map(async (pid) => {
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      return line.split('\0').includes(text)
    }),
  )
  return pids.filter((_, index) => found[index]).map(Number)
}

/** Waits until a condition holds, at most ten seconds. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('it did not come true within 10 s')
    await wait(10)
  }
}
