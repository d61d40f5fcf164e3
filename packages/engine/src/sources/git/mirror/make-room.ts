import { randomUUID } from 'node:crypto'
import { appendFile, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BuildContext } from '../../../context.ts'
import { mirrorsOf, UNFINISHED } from './mirror-places.ts'

/** What the mirrors of a cache folder take: measured once, then a line for all that was added. */
const LEDGER = '.mirrors-bytes'

/** What killed workers left is in no line: the mirrors are measured this often in any case. */
const MEASURED_MS_MAX = 3600_000

/**
 * Says that so much was added. Where all may take no more, the mirrors are measured, and those that
 * were not used for longest go, whosever they are, until the rest fits. Lines that others add
 * meanwhile may be lost; the next measuring finds what they said.
 */
export async function makeRoom(context: BuildContext, addedBytes: number): Promise<void> {
  const ledger = join(context.cacheFolder, LEDGER)
  await appendFile(ledger, `${addedBytes}\n`)
  if (((await bytesIn(ledger)) ?? Number.POSITIVE_INFINITY) <= context.mirrorsBytesMax) return
  const bytes = await removeOldest(context)
  const written = `${ledger}.${randomUUID()}`
  await writeFile(written, `measured ${Date.now()} ${bytes}\n`)
  await rename(written, ledger)
}

/** Undefined where nobody has measured for long. */
async function bytesIn(ledger: string): Promise<number | undefined> {
  const [first = '', ...added] = (await readFile(ledger, 'utf8')).trimEnd().split('\n')
  const [, at, bytes] = /^measured (\d+) (\d+)$/.exec(first) ?? []
  if (at === undefined || Date.now() - Number(at) > MEASURED_MS_MAX) return undefined
  return added.reduce((sum, line) => sum + Number(line), Number(bytes))
}

/** What the rest takes then. */
async function removeOldest(context: BuildContext): Promise<number> {
  const found: Found[] = []
  for (const tenant of await readdir(context.cacheFolder)) {
    const parent = mirrorsOf({ ...context, tenant })
    // What a killed worker left unfinished counts, and goes, like the others.
    const names = await readdir(parent).catch(() => [])
    for (const name of names) found.push(await measure(join(parent, name)))
  }
  found.sort((one, other) => one.usedAt - other.usedAt)
  let bytes = found.reduce((sum, one) => sum + one.bytes, 0)
  for (const one of found) {
    if (bytes <= context.mirrorsBytesMax) break
    await removeMirror(one.folder)
    bytes -= one.bytes
  }
  return bytes
}

/** At once for whoever looks for it. A build that reads it right now fetches anew. */
export async function removeMirror(folder: string): Promise<void> {
  const aside = join(dirname(folder), `${UNFINISHED}${randomUUID()}`)
  try {
    await rename(folder, aside)
    await rm(aside, { recursive: true, force: true })
  } catch {
    // Another worker removes it, or it is another user's.
  }
}

interface Found {
  folder: string
  bytes: number
  usedAt: number
}

/** Zeros for what goes meanwhile. */
async function measure(folder: string): Promise<Found> {
  const sizeOf = (path: string) => stat(path).catch(() => ({ size: 0, mtimeMs: 0 }))
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile())
  const sizes = await Promise.all(files.map((one) => sizeOf(join(one.parentPath, one.name))))
  const bytes = sizes.reduce((sum, { size }) => sum + size, 0)
  return { folder, bytes, usedAt: (await sizeOf(folder)).mtimeMs }
}
