import { setImmediate } from 'node:timers/promises'
import {
  type BuildRequest,
  type FailureWords,
  failed,
  type PacklineError,
  PULLED_FILE,
} from '@packline/shared'
import ignore, { type Ignore } from 'ignore'
import { manifestFailures } from './texts/failures/manifest.ts'
import type { Tree } from './tree.ts'

/** At the root of a source: what is no part of it, in the syntax of .gitignore. */
export const IGNORE_FILE = '.packlineignore'
const IGNORE_FILE_BYTES_MAX = 64 * 1024
const LINES_MAX = 1000

/** What no function needs: version control, editors, systems, caches, and our own files. */
const DEFAULTS = [
  ...['.git', '.gitignore', '.gitattributes', '.gitmodules', '.hg', '.svn'],
  ...['.idea', '.vscode', '.vs', '.fleet', '.settings', '.project', '.classpath', '*.iml'],
  ...['*.swp', '*.swo', '*~', '.*.un~'],
  ...['.DS_Store', '._*', '__MACOSX', 'Thumbs.db', 'desktop.ini'],
  ...['__pycache__', '.cache', '.pytest_cache', '.mypy_cache', '.ruff_cache', '.tox', '.nox'],
  ...['.eslintcache', '.nyc_output', '.npm', '.pnpm-store', '.gradle', '.terraform'],
  ...['npm-debug.log*', 'yarn-debug.log*', 'yarn-error.log*'],
  ...[IGNORE_FILE, '/packline.yaml', `/${PULLED_FILE}`],
]

/** Compiled once for all builds; never asked itself, as it would remember every path. */
const BY_DEFAULT = ignoring(DEFAULTS)

/** More of them in one pattern could be laid over a deep path in too many ways. */
const GLOBSTARS_MAX = 2
/** Matching gives others their turn after so long, and ends with an error after so much. */
const TURN_MS = 20
const MATCHING_MS_MAX = 10_000

/** What stays out, before a build and after; `include` brings back whatever it names. */
export interface LeftOut {
  /** The ignore file and the defaults: no part of the source, as if it had never been there. */
  ofSource: Matcher
  /** `build.exclude` and the defaults: whatever made it, it does not go into the package. */
  ofPackage: Matcher
  /** `build.exclude` alone: all that is taken out of a package that was handed in finished. */
  ofFinished: Matcher
}

export interface Matcher {
  isOut(path: string): boolean
  /** Nothing below this folder is wanted: it need not be looked into. */
  isWholeOut(folder: string): boolean
}

/** By the request, and by the ignore file at the tree's root; MANIFEST_INVALID for its mistakes. */
export async function leftOutOf(tree: Tree, build: BuildRequest['build']): Promise<LeftOut> {
  const file = tree.find(IGNORE_FILE)
  const text = file ? (await tree.read(IGNORE_FILE, IGNORE_FILE_BYTES_MAX)).toString('utf8') : ''
  return leftOutBy(text, build)
}

/** The same by the ignore file's text; later patterns win over earlier ones, as git has it. */
export function leftOutBy(text: string, build: Pick<BuildRequest['build'], Lists>): LeftOut {
  const lines = linesOf(text)
  const { exclude = [], include = [] } = build
  checkPatterns(exclude, 'build.exclude')
  checkPatterns(include, 'build.include')
  // What the ignore file takes back of the defaults is not lost at the end.
  const takenBack = lines.filter((line) => line.startsWith('!'))
  return {
    ofSource: matcher([BY_DEFAULT, ...lines], include),
    ofPackage: matcher([BY_DEFAULT, ...takenBack, ...exclude], include),
    ofFinished: matcher(exclude, include),
  }
}

type Lists = 'exclude' | 'include'

/** Which of the paths stay out. Throws INVALID_REQUEST where hostile patterns take too long. */
export async function pathsOut(
  matcher: Matcher,
  files: readonly { path: string }[],
): Promise<ReadonlySet<string>> {
  const out = new Set<string>()
  const startedAt = performance.now()
  let turnAt = startedAt
  for (const { path } of files) {
    if (matcher.isOut(path)) out.add(path)
    const now = performance.now()
    if (now - turnAt < TURN_MS) continue
    if (now - startedAt > MATCHING_MS_MAX) throw tooSlow(files.length)
    await setImmediate()
    turnAt = performance.now()
  }
  return out
}

function matcher(patterns: readonly (string | Ignore)[], include: readonly string[]): Matcher {
  const excluded = ignoring(patterns)
  if (include.length === 0) {
    return {
      isOut: (path) => excluded.ignores(path),
      isWholeOut: (folder) => excluded.ignores(`${folder}/`),
    }
  }
  const included = ignoring(include)
  return {
    isOut: (path) => excluded.ignores(path) && !included.ignores(path),
    // Something below it may be included.
    isWholeOut: () => false,
  }
}

/** Names that differ by case are two names, on every worker. */
function ignoring(patterns: readonly (string | Ignore)[]): Ignore {
  return ignore({ ignoreCase: false }).add(patterns)
}

function linesOf(text: string): string[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  if (lines.length > LINES_MAX) {
    const found = manifestFailures.tooManyLines(IGNORE_FILE, lines.length, LINES_MAX)
    throw failed('MANIFEST_INVALID', found)
  }
  lines.forEach((line, index) => {
    const wrong = mistakeOf(line, `${IGNORE_FILE}:${index + 1}`)
    if (wrong) throw failed('MANIFEST_INVALID', wrong)
  })
  return lines.filter((line) => line.trim() !== '' && !line.startsWith('#'))
}

function checkPatterns(patterns: readonly string[], field: string): void {
  patterns.forEach((pattern, index) => {
    const at = `${field}[${index}]`
    const wrong = mistakeOf(pattern, at)
    if (wrong) throw failed('INVALID_REQUEST', wrong, { at })
  })
}

function mistakeOf(pattern: string, at: string): FailureWords | undefined {
  const globstars = pattern.match(/\*\*+/g)?.length ?? 0
  if (globstars <= GLOBSTARS_MAX) return undefined
  return manifestFailures.globstars(at, pattern.slice(0, 100), globstars, GLOBSTARS_MAX)
}

function tooSlow(files: number): PacklineError {
  const found = manifestFailures.slowPatterns(files, MATCHING_MS_MAX / 1000)
  return failed('INVALID_REQUEST', found, { at: 'build.exclude' })
}
