import { readdir, readlink, stat } from 'node:fs/promises'
import { keyOf, spaceOf } from './measure.ts'

/**
 * Space of files without a name that processes of one command still have open: nobody sees them in
 * a folder. The command is known by its first process, as the worker numbers it.
 */
export async function bytesHeldOpen(
  first: number,
  devices: ReadonlySet<number>,
  known: Set<string>,
): Promise<number> {
  let bytes = 0
  for (const pid of await processesBeside(first)) {
    const folder = `/proc/${pid}/fd`
    for (const name of await readdir(folder).catch(() => [])) {
      const stats = await stat(`${folder}/${name}`).catch(() => undefined)
      if (!stats?.isFile() || stats.nlink > 0 || !devices.has(stats.dev)) continue
      if (known.has(keyOf(stats))) continue
      known.add(keyOf(stats))
      bytes += spaceOf(stats)
    }
  }
  return bytes
}

/** All of its namespace of processes, itself included. */
async function processesBeside(first: number): Promise<string[]> {
  const own = await namespaceOf(String(first))
  if (own === '') return []
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const namespaces = await Promise.all(pids.map(namespaceOf))
  return pids.filter((_, at) => namespaces[at] === own)
}

function namespaceOf(pid: string): Promise<string> {
  return readlink(`/proc/${pid}/ns/pid`).catch(() => '')
}
