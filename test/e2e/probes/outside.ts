import { expect } from 'vitest'
import { processesWith } from '../../harness/left-behind.ts'
import type { Place } from './place.ts'
import type { EndedProbe } from './probe.ts'

let count = 0

/** A number that nobody else's command line has, by which a process is looked for. */
export function unlikeOthers(): string {
  count += 1
  return `${process.pid}${String(count).padStart(2, '0')}`
}

/** No process with this mark lives on. */
export function isGone(mark: string) {
  return () => expect(processesWith(mark)).toEqual([])
}

/** No file of the package runs as its owner. */
export function hasNoMode({ entries }: EndedProbe): void {
  for (const { mode } of entries.values()) expect(mode & 0o7000).toBe(0)
}

/** Nothing of the worker's came with the package, or was told. */
export function hasNoCanary({ entries, said }: EndedProbe, { canary }: Place): void {
  expect(said).not.toContain(canary)
  for (const [path, { bytes }] of entries) {
    expect([path, bytes.includes(canary)]).toEqual([path, false])
  }
}

/** The worker could remove all that the build had made. */
export async function leavesNothing({ build }: EndedProbe, { line }: Place): Promise<void> {
  const events = await Array.fromAsync(line.client.events(build.id))
  expect(JSON.stringify(events)).not.toContain('scratch folder could not be removed')
}
