import type { Finding } from '@packline/shared'
import { finding } from '../../finding.ts'
import type { Made } from '../../package.ts'
import { nameClashTexts } from '../../texts/name-clash.ts'
import type { Tree, TreeFile } from '../../tree.ts'
import type { Order } from '../runtime.ts'
import { equalRecords } from './records.ts'

/** Folders that Python's tools make anew: caches, virtual environments, records of a checkout. */
const MADE_FOLDER =
  /(^|\/)(__pycache__|\.pytest_cache|\.mypy_cache|\.ruff_cache|\.tox|\.venv|[^/]+\.egg-info)\//
/**
 * Installers' own notes. They tell which tool ran and from where: they differ from one build to the
 * next, and no function reads them. RECORD is written anew (records.ts).
 */
const NOTE = /^[^/]+\.dist-info\/(RECORD|INSTALLER|REQUESTED|direct_url\.json|uv_cache\.json)$/
/** What wheels bring for compilers (greenlet): uv and pip lay it out each in its own way. */
const HEADER = /^include\/.+\.h(?:h|pp|xx)?$/
const SCRIPT_BYTES_MAX = 1024 * 1024

/**
 * The source and, beside it at the root, what was installed. Where both have a path, own code wins.
 */
export async function collect(source: Tree, output: Tree, order: Order): Promise<Made> {
  const own = source.files.filter(({ path }) => isOwn(path, source))
  const names = new Set(own.map(({ path }) => path))
  const installed = await keptOf(output)
  const added = installed.filter(({ path }) => !names.has(path))
  const records = (await equalRecords(output, new Set(added.map(({ path }) => path)))).filter(
    ({ path }) => !names.has(path),
  )
  const executable = (path: string) => order.request.type === 'http' && path === 'bootstrap'
  return {
    format: 'zip',
    entries: [
      ...own.map((file) => {
        const entry = source.entry(file)
        return executable(file.path) ? { ...entry, executable: true } : entry
      }),
      ...added.map((file) => output.entry(file)),
      ...records,
    ],
    installed: new Set([...added, ...records].map(({ path }) => path)),
    findings: clashes(own, installed),
  }
}

function isOwn(path: string, source: Tree): boolean {
  if (MADE_FOLDER.test(path)) return false
  // Compiled files without their source are somebody's package; beside it they are a cache.
  return (
    !(path.endsWith('.pyc') && source.find(path.slice(0, -1)) !== undefined) &&
    !inVirtualEnvironment(path, source)
  )
}

/** A folder with pyvenv.cfg holds a whole Python of the machine that made it. */
function inVirtualEnvironment(path: string, source: Tree): boolean {
  const folders = path.split('/').slice(0, -1)
  return folders.some(
    (_, index) => source.find(`${folders.slice(0, index + 1).join('/')}/pyvenv.cfg`) !== undefined,
  )
}

async function keptOf(output: Tree): Promise<TreeFile[]> {
  const kept: TreeFile[] = []
  for (const file of output.files) {
    if (MADE_FOLDER.test(file.path) || file.path.endsWith('.pyc') || NOTE.test(file.path)) continue
    if (HEADER.test(file.path)) continue
    if (file.path === '.lock' || (await isConsoleScript(file, output))) continue
    kept.push(file)
  }
  return kept
}

/** Scripts in bin/ name the worker's own Python in their first line: they start nowhere else. */
async function isConsoleScript(file: TreeFile, output: Tree): Promise<boolean> {
  if (!file.path.startsWith('bin/') || file.linkTarget !== undefined) return false
  if (file.size > SCRIPT_BYTES_MAX) return false
  const start = (await output.read(file.path, SCRIPT_BYTES_MAX)).subarray(0, 2)
  return start.toString('latin1') === '#!'
}

/**
 * One module or package of both: the interpreter takes one of them, and a package made of both is
 * neither. Namespace packages (no __init__.py) are meant to be shared.
 */
function clashes(own: readonly TreeFile[], installed: readonly TreeFile[]): Finding[] {
  const mine = moduleFiles(own)
  const theirs = moduleFiles(installed)
  return [...mine].flatMap(([name, path]): Finding[] => {
    const other = theirs.get(name)
    if (other === undefined) return []
    return [finding('name-clash', 'warning', nameClashTexts.both(name, path, other), { path })]
  })
}

/** Top-level module name -> the file that makes it one. */
function moduleFiles(files: readonly TreeFile[]): Map<string, string> {
  const found = new Map<string, string>()
  for (const { path } of files) {
    const name = /^([^/]+?)(?:\/__init__\.py|\.py|(?:\.[^/]*)?\.so)$/.exec(path)?.[1]
    if (name !== undefined && !found.has(name)) found.set(name, path)
  }
  return found
}
