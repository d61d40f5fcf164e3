import { posix } from 'node:path'
import type { ArchiveEntry } from '@packline/archive'
import type { Finding, FindingLevel, Words } from '@packline/shared'
import { readElf } from '../elf.ts'
import { finding, reworded, type Said } from '../finding.ts'
import { readStart } from '../read-start.ts'
import type { Subject } from '../runtimes/runtime.ts'
import { bootstrapTexts, ofBootstrap, unusable } from '../texts/bootstrap.ts'
import { BOOTSTRAPS } from '../texts/verdict.ts'
import type { Rule } from './rule.ts'

/** Line ends are looked for in so much of a script. */
const SCRIPT_BYTES = 256 * 1024
/** Windows and macOS programs are told by target-arch. */
const FOREIGN = /^(4d5a|cffaedfe|cefaedfe|feedfacf|feedface)/
/** What every Linux has; of anything else the platform's documents say nothing. */
const SHELLS = new Set(['sh', 'bash'])
const LINKS_MAX = 8

/** What bootstrap is, in words, and what is wrong with it. */
export interface Inspection {
  what: Words
  findings: readonly Finding[]
  /** It names an interpreter of which nobody knows whether the platform has it. */
  doubt?: Words
}

/** bootstrap of custom runtimes and of HTTP functions can be started (package-rules.md part 3). */
export const bootstrap: Rule = {
  id: 'bootstrap',
  check: async (subject) => {
    const { runtime, type } = subject.request
    if (runtime !== 'custom' && type !== 'http') return []
    return (await inspectBootstrap(subject)).findings
  },
}

/**
 * Looks at the bytes alone. A missing file is told by entry-at-root, a foreign one by target-arch.
 */
export async function inspectBootstrap(subject: Subject): Promise<Inspection> {
  const { archive } = subject.package
  const entry = resolve('bootstrap', archive.entries)
  if (!entry) return { what: BOOTSTRAPS.missing, findings: [] }
  const start = await readStart(archive, entry.path, Math.min(entry.size, SCRIPT_BYTES))
  const content = inspectContent(start, subject)
  if (entry.executable) return content
  // Both are told: who mends the mode alone would meet the other fault next.
  const { what, findings } = wrong(bootstrapTexts.notExecutable())
  return { what, findings: [...findings, ...content.findings] }
}

function inspectContent(start: Buffer, subject: Subject): Inspection {
  if (start.length === 0) return wrong(bootstrapTexts.empty())
  if (FOREIGN.test(start.subarray(0, 4).toString('hex'))) {
    return { what: BOOTSTRAPS.foreign, findings: [] }
  }
  const elf = readElf(start)
  if (elf?.type === 'other') return wrong(bootstrapTexts.objectFile())
  if (elf) return { what: BOOTSTRAPS.elf(elf.machine), findings: [] }
  if (start.includes(0)) return wrong(bootstrapTexts.neither())
  return inspectScript(start.toString('utf8'), subject)
}

function resolve(path: string, entries: readonly ArchiveEntry[]): ArchiveEntry | undefined {
  let at = path
  for (let hop = 0; hop < LINKS_MAX; hop += 1) {
    const entry = entries.find((one) => one.path === at)
    if (entry?.kind === 'file') return entry
    if (entry?.kind !== 'link') return undefined
    at = posix.join(posix.dirname(at), entry.linkTarget ?? '')
  }
  return undefined
}

function inspectScript(text: string, subject: Subject): Inspection {
  if (text.startsWith('\uFEFF')) return wrong(bootstrapTexts.byteOrderMark(), 1)
  const crlf = text.indexOf('\r\n')
  if (crlf >= 0) {
    const line = text.slice(0, crlf).split('\n').length
    return wrong(bootstrapTexts.carriageReturns(), line)
  }
  const first = /^#!\s*(\S+)(?:[ \t]+(\S+))?/.exec(text)
  if (!first) {
    const findings = [told('warning', bootstrapTexts.noInterpreter(), 1)]
    return { what: BOOTSTRAPS.noShebang, findings }
  }
  return inspectInterpreter(first[1] ?? '', first[2], subject)
}

function inspectInterpreter(
  path: string,
  argument: string | undefined,
  { profile, package: { archive } }: Subject,
): Inspection {
  const command = argument ? `${path} ${argument}` : path
  const what = BOOTSTRAPS.script(command)
  if (!path.startsWith('/')) return wrong(bootstrapTexts.relativeInterpreter(path), 1)
  const inside = posix.relative(profile.codeRoot, path)
  if (!inside.startsWith('..')) {
    if (resolve(inside, archive.entries)) return { what, findings: [] }
    return wrong(bootstrapTexts.absentInterpreter(path), 1)
  }
  if (isPlatforms(path, argument, profile.codeRoot)) return { what, findings: [] }
  const said = bootstrapTexts.unknownInterpreter(command)
  return { what, findings: [told('warning', said, 1)], doubt: ofBootstrap(said.message) }
}

/** The platform keeps its own interpreters in `runtime` beside the code (vendor's HTTP samples). */
function isPlatforms(path: string, argument: string | undefined, codeRoot: string): boolean {
  if (path.startsWith(`${posix.dirname(codeRoot)}/runtime/`)) return true
  const name = posix.basename(path)
  const folder = posix.dirname(path)
  if (folder !== '/bin' && folder !== '/usr/bin') return false
  return SHELLS.has(name) || (name === 'env' && SHELLS.has(argument ?? ''))
}

function wrong(said: Said, line?: number): Inspection {
  return { what: BOOTSTRAPS.unusable, findings: [told('error', unusable(said), line)] }
}

function told(level: FindingLevel, said: Said, line: number | undefined): Finding {
  return reworded(finding('bootstrap', level, said, { path: 'bootstrap', line }), ofBootstrap)
}
