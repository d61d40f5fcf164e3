import { readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Records } from '@packline/records'
import type { WorkerView } from '@packline/shared'
import type { Logger } from 'pino'
import type { Consumers } from './consume.ts'

const BEAT_MS = 2000
const SWEEP_MS = 4000
const ARCHIVE_MS = 1000

export interface Housekeeping {
  stop(): void
}

/** What a worker does beside its builds: says that it lives, sweeps, archives. */
export function keepHouse(
  records: Records,
  consumers: Consumers,
  view: () => WorkerView,
  aliveFile: string | undefined,
  logger: Logger,
): Housekeeping {
  const stopped = new AbortController()
  const every = (ms: number, name: string, work: () => Promise<unknown>) =>
    repeat(ms, stopped.signal, () =>
      work().catch((error: unknown) => logger.warn({ error }, `${name} did not work`)),
    )
  every(BEAT_MS, 'the beat', async () => {
    const { stop } = await records.beat(view(), consumers.running())
    for (const id of stop) consumers.stop(id, 'ended')
    if (aliveFile) await touch(aliveFile)
  })
  every(SWEEP_MS, 'the sweep', () => records.sweep())
  every(ARCHIVE_MS, 'the archiver', async () => {
    for (let left = true; left && !stopped.signal.aborted; ) ({ left } = await records.archive())
  })
  return { stop: () => stopped.abort() }
}

/** One run after the other, never two at once; the first at once. */
async function repeat(
  ms: number,
  signal: AbortSignal,
  work: () => Promise<unknown>,
): Promise<void> {
  while (!signal.aborted) {
    await work()
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      timer.unref()
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
  }
}

async function touch(file: string): Promise<void> {
  const now = new Date()
  await utimes(file, now, now).catch(() => writeFile(file, ''))
}

/** Removes what killed workers left in the scratch folder; `worker-PID` of one that lives stays. */
export async function removeLeftovers(scratch: string): Promise<void> {
  const names = await readdir(scratch).catch(() => [])
  for (const name of names) {
    const pid = Number(/^worker-(\d+)$/.exec(name)?.[1])
    if (Number.isInteger(pid) && !lives(pid)) {
      await rm(join(scratch, name), { recursive: true, force: true })
    }
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
