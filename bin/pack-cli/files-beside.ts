import { readdirSync } from 'node:fs'
import { cp, mkdir } from 'node:fs/promises'
import path from 'node:path'

/** Folders of modules that read files which lie beside them: loaders, scripts, tables, profiles. */
const FOLDERS = ['packages/engine/src', 'profiles']
/** Pages that the command line prints. */
const PAGES = ['docs/rules.md', 'docs/rules.zh.md']
const NO_PART = /\.(ts|md)$|^package\.json$/

/**
 * Modules name such files from where they are themselves. In the bundle all modules are in one
 * folder, so the files must be: two of one name can not, and are an error here.
 */
export async function copyFilesBeside(root: string, target: string): Promise<void> {
  const taken = new Map<string, string>()
  const pages = PAGES.map((page) => ({ from: path.join(root, page), to: path.basename(page) }))
  for (const { from, to } of [
    ...FOLDERS.flatMap((one) => filesOf(path.join(root, one))),
    ...pages,
  ]) {
    const other = taken.get(to)
    if (other) throw new Error(`${other} and ${from} are both ${to} in the bundle`)
    taken.set(to, from)
    await mkdir(path.dirname(path.join(target, to)), { recursive: true })
    await cp(from, path.join(target, to))
  }
}

/** `to`: from the nearest folder above that has modules. */
function filesOf(folder: string, base?: string): { from: string; to: string }[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  const hasModules = entries.some(({ name }) => name.endsWith('.ts'))
  const own = hasModules || base === undefined ? folder : base
  return entries.flatMap((entry) => {
    const from = path.join(folder, entry.name)
    if (entry.name === 'node_modules' || entry.name === 'test') return []
    if (entry.isDirectory()) return filesOf(from, own)
    return NO_PART.test(entry.name) ? [] : [{ from, to: path.relative(own, from) }]
  })
}
