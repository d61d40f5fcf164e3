import type { ArchiveEntry } from '@packline/archive'
import type { Finding } from '@packline/shared'
import { readElf } from '../elf.ts'
import { readStart } from '../read-start.ts'
import { otherPlatforms } from './other-platforms.ts'
import type { Rule } from './rule.ts'

/** Enough for an ELF header and the magic of the other formats. */
const HEADER_BYTES = 64
const NATIVE_NAME = /\.(so(\.\d+)*|node|dll|dylib|exe|pyd)$/i
/** Mach-O of one processor, in both byte orders (mach-o/loader.h). */
const MACH_O = new Set(['cffaedfe', 'cefaedfe', 'feedfacf', 'feedface'])
/** Mach-O of several processors, and Java classes, whose next four bytes are 45 at least. */
const MANY_OR_CLASS = 'cafebabe'
const PROCESSORS_MAX = 44

/** Native files must be Linux ELF for the package's architecture (package-rules.md part 2). */
export const targetArch: Rule = {
  id: 'target-arch',
  check: async ({ package: { archive }, request }) => {
    const wanted = `Linux ${request.architecture}`
    const others = otherPlatforms()
    const foreign: { path: string; found: string }[] = []
    for (const entry of archive.entries) {
      if (!mayBeNative(entry)) continue
      const found = nativeKind(await readStart(archive, entry.path, HEADER_BYTES))
      if (found === wanted) others.right(entry.path)
      else if (found !== undefined) foreign.push({ path: entry.path, found })
    }
    const harmless = foreign.filter(({ path }) => others.isHarmless(path))
    const wrong = foreign.filter((file) => !harmless.includes(file))
    return [...wrong.map((file) => wrongFile(file, wanted)), ...unused(harmless)]
  },
}

function mayBeNative({ kind, executable, path }: ArchiveEntry): boolean {
  return kind === 'file' && (executable || NATIVE_NAME.test(path))
}

/** What a file runs on, or undefined when it is no native file. */
function nativeKind(start: Buffer): string | undefined {
  const elf = readElf(start)
  if (elf) return `Linux ${elf.machine}`
  const magic = start.subarray(0, 4).toString('hex')
  if (magic.startsWith('4d5a')) return 'Windows'
  if (MACH_O.has(magic)) return 'macOS'
  const isMany = magic === MANY_OR_CLASS && start.length >= 8
  return isMany && start.readUInt32BE(4) <= PROCESSORS_MAX ? 'macOS' : undefined
}

function wrongFile({ path, found }: { path: string; found: string }, wanted: string): Finding {
  return {
    rule: 'target-arch',
    level: 'error',
    message: `${path} is built for ${found}; the function runs on ${wanted}`,
    hint: "Build or install it for the function's architecture, or leave it out.",
    path,
  }
}

/** One note for all: they cost room and nothing else. */
function unused(files: readonly { path: string; found: string }[]): Finding[] {
  const [first] = files
  if (!first) return []
  const more = files.length > 1 ? ` and ${files.length - 1} more` : ''
  return [
    {
      rule: 'target-arch',
      level: 'note',
      message: `${first.path} (${first.found})${more} can not run on the platform and will not be loaded`,
      hint: 'Leave them out to make the package smaller.',
      path: first.path,
    },
  ]
}
