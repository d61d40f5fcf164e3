import type { Tree } from '../../tree.ts'
import type { Declared, ListLine } from './manifests/declared.ts'
import { lockedLines } from './manifests/locked.ts'
import type { MarkerEnvironment } from './manifests/marker.ts'
import { pipfileLines, readPipfile } from './manifests/pipfile.ts'
import { readPoetryLock } from './manifests/poetry-lock.ts'
import {
  type Project,
  projectLines,
  readProject,
  refuseOtherPython,
} from './manifests/pyproject.ts'
import { readText } from './manifests/read-text.ts'
import { readRequirements } from './manifests/requirements-file.ts'
import { readUvLock } from './manifests/uv-lock.ts'

/** The files that may declare dependencies; the first that is there does. */
export const MANIFESTS = ['requirements.txt', 'pyproject.toml', 'Pipfile'] as const

/**
 * Which manifest asks for something; undefined where none does. MANIFEST_INVALID for one that can
 * not be read.
 */
export async function askingManifest(tree: Tree): Promise<string | undefined> {
  const path = MANIFESTS.find((one) => tree.find(one))
  if (path === undefined) return undefined
  const asks =
    path === 'requirements.txt' ? await asksInRequirements(tree) : await rootsIn(tree, path)
  return asks ? path : undefined
}

/**
 * What is to be installed for a Python: by requirements.txt, else by the lock file beside a
 * manifest, else by the manifest itself; undefined where nothing is asked for. MANIFEST_INVALID,
 * with file and line, for what can not be read, followed or does not fit the function.
 */
export async function readDeclared(
  tree: Tree,
  environment: MarkerEnvironment,
): Promise<Declared | undefined> {
  const path = await askingManifest(tree)
  if (path === 'requirements.txt') {
    return { path, ...(await readRequirements(tree, path)), locked: false }
  }
  if (path === 'Pipfile') return fromPipfile(tree, environment)
  return path === undefined ? undefined : fromProject(tree, environment)
}

async function asksInRequirements(tree: Tree): Promise<boolean> {
  const { lines } = await readRequirements(tree, 'requirements.txt')
  return lines.length > 0
}

async function rootsIn(tree: Tree, path: 'pyproject.toml' | 'Pipfile'): Promise<boolean> {
  const text = await readText(tree, path)
  const { roots } = path === 'Pipfile' ? readPipfile(text) : readProject(text)
  return roots.length > 0
}

async function fromProject(tree: Tree, environment: MarkerEnvironment): Promise<Declared> {
  const project = readProject(await readText(tree, 'pyproject.toml'))
  refuseOtherPython(project, environment)
  const lock = await lockBeside(tree, environment)
  if (!lock) return listed('pyproject.toml', projectLines(project), false)
  return listed(lock.file, await lockedLines(tree, followed(project), lock, environment), true)
}

async function lockBeside(tree: Tree, environment: MarkerEnvironment) {
  if (tree.find('uv.lock')) return readUvLock(await readText(tree, 'uv.lock'), environment)
  if (!tree.find('poetry.lock')) return undefined
  return readPoetryLock(await readText(tree, 'poetry.lock'), environment)
}

/** What comes from elsewhere has the version that lies there, whatever the manifest says. */
function followed({ roots, elsewhere }: Project) {
  return roots.map((root) => (elsewhere.has(root.name) ? { ...root, specifiers: [''] } : root))
}

async function fromPipfile(tree: Tree, environment: MarkerEnvironment): Promise<Declared> {
  const project = readPipfile(await readText(tree, 'Pipfile'))
  if (!tree.find('Pipfile.lock')) return listed('Pipfile', projectLines(project), false)
  const text = await readText(tree, 'Pipfile.lock')
  const lines = await pipfileLines(tree, text, followed(project), environment)
  return listed('Pipfile.lock', lines, true)
}

function listed(path: string, lines: readonly ListLine[], locked: boolean): Declared {
  return { path, lines, constraints: [], settings: [], locked }
}
