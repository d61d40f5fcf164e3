import type { Made } from '../../package.ts'
import type { Tree } from '../../tree.ts'
import { isLeftOut } from '../left-out.ts'
import type { Order } from '../runtime.ts'

const INSTALLED = /^node_modules\//
/** npm's own notes differ from one install to the next and no code reads them. */
const NOTE = /(^|\/)node_modules\/\.package-lock\.json$/
/** May hold a token. */
const SECRET = /(^|\/)\.npmrc$/

/** The source as it stands, node_modules included; .npmrc is npm's and never ships. */
export async function collect(source: Tree, _output: Tree, order: Order): Promise<Made> {
  const kept = source.files.filter(
    ({ path }) => !isLeftOut(path) && !NOTE.test(path) && !SECRET.test(path),
  )
  const executable = (path: string) => order.request.type === 'http' && path === 'bootstrap'
  return {
    format: 'zip',
    installed: new Set(kept.map(({ path }) => path).filter((path) => INSTALLED.test(path))),
    entries: kept.map((file) => {
      const entry = source.entry(file)
      return executable(file.path) ? { ...entry, executable: true } : entry
    }),
  }
}
