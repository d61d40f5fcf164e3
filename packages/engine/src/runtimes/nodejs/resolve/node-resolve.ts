import type { Finding } from '@packline/shared'
import { finding } from '../../../finding.ts'
import { nodeResolveTexts } from '../../../texts/node-resolve.ts'
import type { Subject } from '../../runtime.ts'
import { type Import, importsOf } from './imports.ts'
import { type Places, placesOf } from './places.ts'

const FILE_BYTES_MAX = 1024 * 1024
const ALL_BYTES_MAX = 16 * 1024 * 1024
const MS_MAX = 3000
const MANIFEST_BYTES_MAX = 4 * 1024 * 1024
const CODE = /\.[mc]?js$/

/**
 * Rule node-resolve: every package that the function's own code asks for by name is there, from
 * what the platform starts along its relative imports. Looks for 3 s and at 16 MiB at most.
 */
export async function nodeResolve(
  subject: Subject,
  started: readonly string[],
): Promise<Finding[]> {
  const { archive } = subject.package
  const own = await manifestOf(subject)
  const sizes = new Map(
    archive.entries.flatMap(({ path, kind, size }) => (kind === 'file' ? [[path, size]] : [])),
  )
  const findings: Finding[] = []
  const until = performance.now() + MS_MAX
  let bytesLeft = ALL_BYTES_MAX
  let places: Places | undefined
  const files = new Set(started)
  for (const path of files) {
    const size = sizes.get(path) ?? Number.POSITIVE_INFINITY
    if (size > FILE_BYTES_MAX) continue
    bytesLeft -= size
    if (bytesLeft < 0 || performance.now() > until) break
    const text = (await archive.read(path, FILE_BYTES_MAX)).toString('utf8')
    const imports = importsOf(text, kindOf(path, own)) ?? []
    if (imports.length === 0) continue
    // Most functions ask for nothing by name: they need no view of the whole package.
    places ??= placesIn(subject)
    for (const next of followed(imports, path, places)) files.add(next)
    for (const asked of await lacking(imports, path, places, own)) {
      findings.push(warning(asked, path, own, subject.request.version))
    }
  }
  return findings
}

function placesIn({ package: packed, request, profile, dependencies }: Subject): Places {
  const attached = dependencies.flatMap(({ archive }) => archive.entries.map(({ path }) => path))
  const preinstalled = profile.runtimes.nodejs?.preinstalled ?? []
  return placesOf(packed.archive, { version: request.version, preinstalled, attached })
}

/** The parts of the function's own package.json that say what it may do without. */
interface Own {
  type?: unknown
  name?: unknown
  devDependencies?: Record<string, unknown>
  optionalDependencies?: Record<string, unknown>
}

async function manifestOf({ package: { archive } }: Subject): Promise<Own> {
  const entry = archive.entries.find(({ path, kind }) => path === 'package.json' && kind === 'file')
  if (!entry || entry.size > MANIFEST_BYTES_MAX) return {}
  try {
    const value = JSON.parse((await archive.read(entry.path, entry.size)).toString('utf8'))
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    // A finished package may hold what it likes by that name; its load tells whether it matters.
    return {}
  }
}

function kindOf(path: string, { type }: Own): 'module' | 'script' {
  if (path.endsWith('.mjs')) return 'module'
  return path.endsWith('.js') && type === 'module' ? 'module' : 'script'
}

/** The own files that relative imports lead to, as far as they are code. */
function followed(imports: readonly Import[], from: string, places: Places): string[] {
  return imports.flatMap(({ name }) => {
    const next = /^\.\.?(\/|$)/.test(name) ? places.own(name, from) : undefined
    return next !== undefined && CODE.test(next) && !next.includes('node_modules/') ? [next] : []
  })
}

/** Each name once, at its first line. */
async function lacking(
  imports: readonly Import[],
  path: string,
  places: Places,
  own: Own,
): Promise<Import[]> {
  const found = new Map<string, Import>()
  for (const asked of imports) {
    const { name, isGuarded } = asked
    if (isGuarded || !isBare(name) || found.has(name) || isOptional(name, own)) continue
    if (!(await places.has(asked, path))) found.set(name, asked)
  }
  return [...found.values()]
}

/** Neither a path, an address, nor a name of package.json's own "imports". */
function isBare(name: string): boolean {
  if (name.startsWith('node:')) return true
  return name !== '' && !/^[./#\\]|^[a-z]+:/i.test(name)
}

function isOptional(name: string, { optionalDependencies, name: ownName }: Own): boolean {
  const asked = packageName(name)
  return asked in (optionalDependencies ?? {}) || asked === ownName
}

function packageName(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')
}

function warning({ name, line }: Import, path: string, own: Own, version: string): Finding {
  const isOfDevelopment = packageName(name) in (own.devDependencies ?? {})
  const said = nodeResolveTexts.missing(`${path}:${line}`, name, version, isOfDevelopment)
  return finding('node-resolve', 'warning', said, { path, line })
}
