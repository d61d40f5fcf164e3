import { setTimeout as wait } from 'node:timers/promises'

/** Whether a process runs; one that has ended and was not waited for does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Waits until a condition holds, at most 10 s unless told. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  withinMs = 10_000,
): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`never so: ${holds}`)
    await wait(20)
  }
}

/** Holds a process back during a task: a build has its request only until it was archived. */
export async function whileFrozen<T>(
  held: { pid: number } | undefined,
  task: () => Promise<T>,
): Promise<T> {
  if (!held) throw new Error('no process to be held back')
  process.kill(held.pid, 'SIGSTOP')
  return task().finally(() => process.kill(held.pid, 'SIGCONT'))
}
