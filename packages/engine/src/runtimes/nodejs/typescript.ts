import { failed } from '@packline/shared'
import { nodejsFailures } from '../../texts/failures/nodejs.ts'
import type { Tree } from '../../tree.ts'
import type { Order } from '../runtime.ts'
import { sourcesOf } from './bundle/entry.ts'

/**
 * TypeScript is not made JavaScript unasked: throws ENTRY_MISSING where the handler's file is there
 * in that form only, which the platform does not load.
 */
export function refuseTypeScript(tree: Tree, { handler }: Order): void {
  if (handler?.form !== 'file.function') return
  const { file } = handler
  const isThere = (path: string) => tree.find(path) !== undefined
  if (['js', 'mjs', 'cjs'].some((end) => isThere(`${file}.${end}`))) return
  const source = sourcesOf(file).find(isThere)
  const found = source ?? (isThere('tsconfig.json') ? 'tsconfig.json' : undefined)
  if (found === undefined || /\.[mc]?js$/.test(found)) return
  throw failed('ENTRY_MISSING', nodejsFailures.typescript(file, found))
}
