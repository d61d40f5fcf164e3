import { utimes, writeFile } from 'node:fs/promises'
import type { Records } from '@packline/records'
import { repeat } from '@packline/setup'
import type { WorkerView } from '@packline/shared'
import type { Logger } from 'pino'
import type { Consumers } from './consume.ts'
import { removeLeftovers } from './scratch.ts'

const BEAT_MS = 2000
const SWEEP_MS = 4000
const ARCHIVE_MS = 1000
const OBJECTS_MS = 60_000
const LEFTOVERS_MS = 10_000

export interface Housekeeping {
  records: Pick<Records, 'beat' | 'sweep' | 'archive' | 'keep' | 'sweepObjects'>
  consumers: Pick<Consumers, 'running' | 'stop'>
  view: () => WorkerView
  /** Workers of this machine that were killed have left their builds' folders here. */
  scratch: string
  /** Touched with each beat, for a container's health check. */
  aliveFile: string | undefined
  logger: Logger
}

/**
 * What a worker does beside its builds: says that it lives, sweeps, archives, and removes what
 * killed workers left. Answers how to end it.
 */
export function keepHouse(house: Housekeeping): () => void {
  const { records, consumers, view, scratch, aliveFile, logger } = house
  const stopped = new AbortController()
  const { signal } = stopped
  const every = (ms: number, name: string, work: () => Promise<unknown>) =>
    repeat(ms, name, work, signal, logger)
  every(BEAT_MS, 'the beat', async () => {
    const { stop } = await records.beat(view(), consumers.running())
    for (const id of stop) consumers.stop(id, 'ended')
    if (aliveFile) await touch(aliveFile)
  })
  every(SWEEP_MS, 'the sweep', () => records.sweep())
  every(ARCHIVE_MS, 'the archiver', async () => {
    for (let left = true; left && !signal.aborted; ) {
      const archived = await records.archive()
      for (const { id, error } of archived.failed) {
        logger.error({ build: id, error }, 'the build can not be archived')
      }
      left = archived.left
    }
  })
  every(ARCHIVE_MS, 'the writer of what lasts', async () => {
    for (let left = true; left && !signal.aborted; ) {
      const kept = await records.keep()
      for (const { thing, error } of kept.failed) {
        logger.error({ thing, error }, 'what lasts can not be written')
      }
      const { builds = 0, things = 0 } = kept.restored ?? {}
      if (builds + things > 0) logger.info(kept.restored, 'Redis was filled from the store')
      left = kept.left
    }
  })
  every(OBJECTS_MS, 'the sweep of objects', async () => {
    const swept = await records.sweepObjects()
    if (swept?.restored) logger.info(swept, 'the store had what Redis did not know')
  })
  every(LEFTOVERS_MS, 'the removal of leftovers', () => removeLeftovers(scratch))
  return () => stopped.abort()
}

async function touch(file: string): Promise<void> {
  const now = new Date()
  await utimes(file, now, now).catch(() => writeFile(file, ''))
}
