import type { Finding } from '@packline/shared'
import { readElf } from '../elf.ts'
import { readStart } from '../read-start.ts'
import type { Rule } from './rule.ts'

/** Enough for an ELF header and the magic of the other formats. */
const HEADER_BYTES = 64
const NATIVE_NAME = /\.(so(\.\d+)*|node|dll|dylib|exe|pyd)$/

/** Native files must be Linux ELF for the package's architecture (package-rules.md part 2). */
export const targetArch: Rule = {
  id: 'target-arch',
  check: async ({ package: { archive }, request }) => {
    const findings: Finding[] = []
    for (const entry of archive.entries) {
      if (entry.kind !== 'file' || !(entry.executable || NATIVE_NAME.test(entry.path))) continue
      const found = nativeKind(await readStart(archive, entry.path, HEADER_BYTES))
      if (found === undefined || found === `Linux ${request.architecture}`) continue
      findings.push({
        rule: 'target-arch',
        level: 'error',
        message: `${entry.path} is built for ${found}; the function runs on Linux ${request.architecture}`,
        hint: "Build or install it for the function's architecture, or leave it out.",
        path: entry.path,
      })
    }
    return findings
  },
}

/** What a file runs on, or undefined when it is no native file. */
function nativeKind(start: Buffer): string | undefined {
  const elf = readElf(start)
  if (elf) return `Linux ${elf.machine}`
  const magic = start.subarray(0, 4).toString('hex')
  if (magic.startsWith('4d5a')) return 'Windows'
  if (['cffaedfe', 'cefaedfe', 'feedfacf', 'feedface'].includes(magic)) return 'macOS'
  return undefined
}
