import { posix } from 'node:path'
import { pythonManifestFailures } from '../../../texts/failures/python-manifests.ts'
import type { Tree } from '../../../tree.ts'
import type { Declared, ListLine } from './declared.ts'
import { invalid } from './invalid.ts'
import { localLine } from './local-path.ts'
import { readText } from './read-text.ts'
import { parseRequirement } from './requirement.ts'
import { settingsOf } from './settings.ts'

type Place = Pick<ListLine, 'file' | 'line'>
type Content = Omit<Declared, 'path' | 'locked'>

/**
 * A requirements file with what it includes, as one list in which each line knows its place.
 * MANIFEST_INVALID, with file and line, for what is no requirement, for files that are not in the
 * source and for code that only a git server has.
 */
export async function readRequirements(tree: Tree, path: string): Promise<Content> {
  const found: Collected = { lines: [], constraints: [], settings: [] }
  await readFile({ tree, found, into: found.lines, above: [] }, path)
  return found
}

interface Collected {
  lines: ListLine[]
  constraints: ListLine[]
  settings: string[]
}

interface Reading {
  tree: Tree
  found: Collected
  into: ListLine[]
  /** Files that are being read and include this one. */
  above: readonly string[]
}

async function readFile(reading: Reading, file: string): Promise<void> {
  for (const { text, line } of logicalLines(await readText(reading.tree, file))) {
    await readLine(reading, text, { file, line })
  }
}

/** What ends a line for pip; uv takes some of these. */
const LINE_END = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/

/** Lines joined over "\" and without comments, as pip joins and strips them. */
function logicalLines(text: string): { text: string; line: number }[] {
  const found: { text: string; line: number }[] = []
  let open: { text: string; line: number } | undefined
  for (const [at, raw] of text.split(LINE_END).entries()) {
    const isComment = /^\s*#/.test(raw)
    const current = open ?? { text: '', line: at + 1 }
    const continues = !isComment && raw.endsWith('\\')
    current.text += isComment ? '' : continues ? `${raw.slice(0, -1)} ` : raw
    open = continues ? current : undefined
    if (!continues) found.push(current)
  }
  if (open) found.push(open)
  return found.flatMap(({ text: joined, line }) => {
    const bare = joined.replace(/(^|\s)#.*$/, '').trim()
    return bare === '' ? [] : [{ text: bare, line }]
  })
}

const INCLUDE = /^(?:-r|--requirement)(?:\s+|=)?(.+)$/
const CONSTRAIN = /^(?:-c|--constraint)(?:\s+|=)?(.+)$/
const EDITABLE = /^(?:-e|--editable)(?:\s+|=)?(.+)$/

async function readLine(reading: Reading, text: string, place: Place): Promise<void> {
  const { found, into } = reading
  const included = INCLUDE.exec(text)?.[1]
  if (included !== undefined) return include(reading, included, place)
  const constrains = CONSTRAIN.exec(text)?.[1]
  if (constrains !== undefined) {
    return include({ ...reading, into: found.constraints }, constrains, place)
  }
  const editable = EDITABLE.exec(text)?.[1]
  if (editable === undefined && text.startsWith('-')) {
    found.settings.push(...settingsOf(text, place))
    return
  }
  into.push(await requirementLine(reading.tree, editable ?? text, place, editable !== undefined))
}

async function include(reading: Reading, name: string, place: Place): Promise<void> {
  const { tree, above } = reading
  const bare = name.trim().replace(/^["']|["']$/g, '')
  const path = posix.normalize(posix.join(posix.dirname(place.file), bare))
  if (!tree.find(path)) throw invalid(place, pythonManifestFailures.noIncluded(bare, path))
  if (path === place.file || above.includes(path)) {
    throw invalid(place, pythonManifestFailures.includesItself(bare))
  }
  await readFile({ ...reading, above: [...above, place.file] }, path)
}

const HASH = /\s--hash[=\s]\s*(\w+:[0-9a-fA-F]+)/g
const OWN_OPTION = /\s--(?:config-settings?|global-option|install-option)[=\s]\s*(?:"[^"]*"|\S+)/g
const GIT = /(?:^|@\s*)(git|hg|svn|bzr)\+/i
const NAMED_LOCAL =
  /^(?<name>[\w.-]+)\s*(?<extras>\[[^\]]*\])?\s*@\s*(?<path>file:[^\s;]+)\s*(?:;\s*(?<marker>.+))?$/
/** What pip takes for a path: it starts as one, or ends as an archive. */
const LOCAL =
  /^(?<path>(?:file:|\.{0,2}\/)[^\s;[]*|[^\s;[@:]+\.(?:whl|tar\.gz|zip)|\.)(?<extras>\[[^\]]*\])?\s*(?:;\s*(?<marker>.+))?$/

async function requirementLine(
  tree: Tree,
  text: string,
  place: Place,
  isEditable: boolean,
): Promise<ListLine> {
  const hashes = [...` ${text}`.matchAll(HASH)].map(([, hash = '']) => hash)
  const bare = ` ${text}`.replaceAll(HASH, '').replaceAll(OWN_OPTION, '').trim()
  if (isRepository(bare)) throw fromGit(place, bare)
  const path = isEditable && !bare.startsWith('.') ? `./${bare}` : bare
  const local = (NAMED_LOCAL.exec(path) ?? LOCAL.exec(path))?.groups
  if (local) {
    const { path: at = '', name, extras, marker } = local
    const line = await localLine(tree, { path: at, name, extras, marker, ...place })
    return hashes.length > 0 ? { ...line, hashes } : line
  }
  if (/^https?:/.test(bare)) return { text: bare, hashes, ...place }
  const requirement = parseRequirement(bare)
  if (!requirement) throw invalid(place, pythonManifestFailures.noRequirement(bare, false))
  return { text: bare, asked: { ...requirement, ...place }, hashes, ...place }
}

/** Whether an address is one of a version control system, which only its own program reads. */
export function isRepository(address: string): boolean {
  return GIT.test(address)
}

/** What a git server alone has: only registries are reached while dependencies are installed. */
export function fromGit(place: Place, what: string) {
  return invalid(place, pythonManifestFailures.fromGit(what))
}
