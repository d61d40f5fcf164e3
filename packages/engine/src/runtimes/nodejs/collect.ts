import type { Made } from '../../package.ts'
import type { Tree } from '../../tree.ts'
import { isLeftOut } from '../left-out.ts'
import type { Order } from '../runtime.ts'

/** npm's own notes differ from one install to the next and no code reads them. */
const NOTES = new Set(['node_modules/.package-lock.json'])

/** The source as it stands, node_modules included; .npmrc may hold a token and never ships. */
export async function collect(source: Tree, _output: Tree, order: Order): Promise<Made> {
  const kept = source.files.filter(
    ({ path }) => !isLeftOut(path) && !NOTES.has(path) && path !== '.npmrc',
  )
  const executable = (path: string) => order.request.type === 'http' && path === 'bootstrap'
  return {
    format: 'zip',
    entries: kept.map((file) => {
      const entry = source.entry(file)
      return executable(file.path) ? { ...entry, executable: true } : entry
    }),
  }
}
