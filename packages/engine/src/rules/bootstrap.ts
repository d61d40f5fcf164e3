import { posix } from 'node:path'
import type { ArchiveEntry } from '@packline/archive'
import type { Finding } from '@packline/shared'
import { readElf } from '../elf.ts'
import { readStart } from '../read-start.ts'
import type { Subject } from '../runtimes/runtime.ts'
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
  what: string
  findings: readonly Finding[]
  /** It names an interpreter of which nobody knows whether the platform has it. */
  doubt?: string
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
  if (!entry) return { what: 'missing', findings: [] }
  const start = await readStart(archive, entry.path, Math.min(entry.size, SCRIPT_BYTES))
  if (!entry.executable) return wrong('it is not executable', 'Pack it with mode 0755.')
  if (start.length === 0) return wrong('it is empty', 'Write what starts the function into it.')
  if (FOREIGN.test(start.subarray(0, 4).toString('hex'))) return { what: 'foreign', findings: [] }
  const elf = readElf(start)
  if (elf?.type === 'other') {
    return wrong('it is an ELF object file', 'Link it to an executable.')
  }
  if (elf) return { what: `an ELF executable for ${elf.machine}`, findings: [] }
  if (start.includes(0)) {
    return wrong('it is neither an ELF executable nor a script', 'Build it for Linux.')
  }
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
  if (text.startsWith('\uFEFF')) {
    return wrong('it starts with a byte order mark', 'Save it as UTF-8 without one.', 1)
  }
  const crlf = text.indexOf('\r\n')
  if (crlf >= 0) {
    const line = text.slice(0, crlf).split('\n').length
    return wrong(
      'its lines end in CRLF, as Windows writes them; Linux reads the CR as part of the line',
      'Save it with LF line ends.',
      line,
    )
  }
  const first = /^#!\s*(\S+)(?:[ \t]+(\S+))?/.exec(text)
  if (!first) {
    return {
      what: 'a script without "#!"',
      findings: [
        finding('warning', 'its first line names no interpreter', 'Start it with #!/bin/sh.', 1),
      ],
    }
  }
  return inspectInterpreter(first[1] ?? '', first[2], subject)
}

function inspectInterpreter(
  path: string,
  argument: string | undefined,
  { profile, package: { archive } }: Subject,
): Inspection {
  const command = argument ? `${path} ${argument}` : path
  const what = `a script for ${command}`
  if (!path.startsWith('/')) {
    const hint = 'Name it by its full path, such as #!/bin/sh.'
    return wrong(`its interpreter "${path}" is no absolute path`, hint, 1)
  }
  const inside = posix.relative(profile.codeRoot, path)
  if (!inside.startsWith('..')) {
    if (resolve(inside, archive.entries)) return { what, findings: [] }
    const hint = 'Add the interpreter to the package, or name one of the platform.'
    return wrong(`its interpreter ${path} is not in the package`, hint, 1)
  }
  if (isPlatforms(path, argument, profile.codeRoot)) return { what, findings: [] }
  const doubt = `its interpreter "${command}" is not known to be on the platform`
  const hint = 'Bring the interpreter in the package, or start it from a #!/bin/sh script.'
  return { what, findings: [finding('warning', doubt, hint, 1)], doubt: `bootstrap: ${doubt}` }
}

/** The platform keeps its own interpreters in `runtime` beside the code (vendor's HTTP samples). */
function isPlatforms(path: string, argument: string | undefined, codeRoot: string): boolean {
  if (path.startsWith(`${posix.dirname(codeRoot)}/runtime/`)) return true
  const name = posix.basename(path)
  const folder = posix.dirname(path)
  if (folder !== '/bin' && folder !== '/usr/bin') return false
  return SHELLS.has(name) || (name === 'env' && SHELLS.has(argument ?? ''))
}

function wrong(message: string, hint: string, line?: number): Inspection {
  const said = `can not be started: ${message}`
  return { what: 'unusable', findings: [finding('error', said, hint, line)] }
}

function finding(
  level: Finding['level'],
  message: string,
  hint: string,
  line: number | undefined,
): Finding {
  return {
    rule: 'bootstrap',
    level,
    message: `bootstrap: ${message}`,
    hint,
    path: 'bootstrap',
    line,
  }
}
