// Run as a process of its own, whose memory is the archive's alone: verifies or unpacks it, and
// prints what it said, how long that took and how far memory grew.
import { readFileSync } from 'node:fs'
import { argv, memoryUsage, platform, resourceUsage, stdout } from 'node:process'
import { openArchive, unpackTar, verifyArchive } from '../index.ts'

const [path = '', folder = ''] = argv.slice(2)
/** As the engine's (LIMITS, and the profiles' 1.5 GiB). */
const limits = { entriesMax: 100_000, ratioMax: 1100, unpackedBytesMax: 1.5 * 1024 ** 3 }

const before = memoryUsage.rss()
const started = performance.now()
const said = await meet().then(
  () => 'accepted',
  (error) => error.reason ?? error.stack,
)
const ms = performance.now() - started
const bytes = mostBytes() - before
stdout.write(JSON.stringify({ said, ms, bytes }))

/** Linux counts what the parent had when it forked as the child's own, but not here. */
function mostBytes(): number {
  if (platform !== 'linux') return resourceUsage().maxRSS * 1024
  return Number(/^VmHWM:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024
}

async function meet(): Promise<void> {
  if (path.endsWith('.tar.gz')) return unpackTar({ path }, folder, { limits })
  await verifyArchive(await openArchive({ path }, { limits }))
}
