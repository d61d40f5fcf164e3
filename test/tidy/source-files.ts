import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** A file of the tree with its text; `place` is its path from the root, with slashes. */
export interface TreeFile {
  place: string
  text: string
  lines: string[]
}

export const ROOT = path.resolve(import.meta.dirname, '../..')

const LEFT_OUT = new Set([
  'node_modules',
  '.git',
  '.local',
  'coverage',
  'package-lock.json',
  'LICENSE',
])
const TEXT = /\.(ts|tsx|mts|mjs|js|json|ya?ml|md|sh|css|html|lua|Dockerfile|go|py|java)$|\.ci\/run$/

/** Every text file that is ours: nothing installed, built or fetched. */
export function readTree(): TreeFile[] {
  return walk('').filter(({ place }) => TEXT.test(place))
}

/** TypeScript and JavaScript of the product; tests and what only they use left out. */
export function isSource(place: string): boolean {
  return isCode(place) && !isTest(place)
}

/** Tests, and what stands beside them for them alone. */
export function isTest(place: string): boolean {
  return (
    isCode(place) &&
    (/\.test\.ts$|^test\/|\/(fixtures|test)\//.test(place) || /\/test-[\w-]+\.ts$/.test(place))
  )
}

function isCode(place: string): boolean {
  return /\.(m?ts|tsx|mjs|js)$/.test(place) && !/^examples\/|^test\/fixtures\//.test(place)
}

function walk(folder: string): TreeFile[] {
  const entries = readdirSync(path.join(ROOT, folder), { withFileTypes: true })
  return entries.flatMap((entry) => {
    const place = path.posix.join(folder, entry.name)
    if (LEFT_OUT.has(entry.name) || entry.isSymbolicLink()) return []
    if (entry.isDirectory()) return walk(place)
    if (!TEXT.test(place)) return []
    const text = readFileSync(path.join(ROOT, place), 'utf8')
    return [{ place, text, lines: text.replace(/\n$/, '').split('\n') }]
  })
}
