import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * This process' own folder below the scratch folder, which belongs to one machine or container. A
 * number of a process comes again, with its start time it does not.
 */
export async function ownScratch(scratch: string): Promise<string> {
  return join(scratch, `worker-${process.pid}-${await startOf(process.pid)}`)
}

/** Removes the folders of workers that have ended without doing it, such as by `kill -9`. */
export async function removeLeftovers(scratch: string): Promise<void> {
  const names = await readdir(scratch).catch(() => [])
  for (const name of names) {
    const [, pid, start] = /^worker-(\d+)-(\d+)$/.exec(name) ?? []
    if (pid === undefined || (await startOf(Number(pid))) === Number(start)) continue
    await rm(join(scratch, name), { recursive: true, force: true, maxRetries: 3 })
  }
}

/** Clock ticks from the machine's start to the process'; 0 where it has ended or nothing tells. */
async function startOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The name, in parentheses, may hold anything. Then come the state and, 19 fields on, the start.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' ? 0 : Number(fields[19] ?? 0)
}
