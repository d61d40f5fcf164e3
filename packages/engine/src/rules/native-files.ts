import type { Archive, ArchiveEntry } from '@packline/archive'
import { type Elf, readElf } from '../elf.ts'
import { readStart } from '../read-start.ts'

/** A file that a system would load or start as it is. */
export interface NativeFile {
  path: string
  /** Such as "Linux x86_64", "Windows", "macOS". */
  runsOn: string
  elf?: Elf
}

/** Enough for an ELF header and the magic of the other formats. */
const HEADER_BYTES = 64
const NATIVE_NAME = /\.(so(\.\d+)*|node|dll|dylib|exe|pyd)$/i
/** Mach-O of one processor, in both byte orders (mach-o/loader.h). */
const MACH_O = new Set(['cffaedfe', 'cefaedfe', 'feedfacf', 'feedface'])
/** Mach-O of several processors, and Java classes, whose next four bytes are 45 at least. */
const MANY_OR_CLASS = 'cafebabe'
const PROCESSORS_MAX = 44

const known = new WeakMap<Archive, Promise<NativeFile[]>>()

/** Every native file of a package, told by its first bytes; looked for once, for all rules. */
export function nativeFiles(archive: Archive): Promise<NativeFile[]> {
  const files = known.get(archive) ?? findNativeFiles(archive)
  known.set(archive, files)
  return files
}

async function findNativeFiles(archive: Archive): Promise<NativeFile[]> {
  const found: NativeFile[] = []
  for (const entry of archive.entries.filter(mayBeNative)) {
    const start = await readStart(archive, entry.path, HEADER_BYTES)
    const elf = readElf(start)
    const runsOn = elf ? `Linux ${elf.machine}` : otherSystem(start)
    if (runsOn !== undefined) found.push({ path: entry.path, runsOn, elf })
  }
  return found
}

function mayBeNative({ kind, executable, path }: ArchiveEntry): boolean {
  return kind === 'file' && (executable || NATIVE_NAME.test(path))
}

function otherSystem(start: Buffer): string | undefined {
  const magic = start.subarray(0, 4).toString('hex')
  if (magic.startsWith('4d5a')) return 'Windows'
  if (MACH_O.has(magic)) return 'macOS'
  const isMany = magic === MANY_OR_CLASS && start.length >= 8
  return isMany && start.readUInt32BE(4) <= PROCESSORS_MAX ? 'macOS' : undefined
}
