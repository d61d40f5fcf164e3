import { failed } from '@packline/shared'
import { javaFailures } from '../../../texts/failures/java.ts'
import type { Tree, TreeFile } from '../../../tree.ts'
import type { Order } from '../../runtime.ts'
import { type BuiltModule, collectBuilt } from '../collect-built.ts'
import type { Parts } from '../parts.ts'
import { PRODUCTS } from './gradle.ts'

/** `gradle/INDEX/KIND/...`, as packline.init.gradle has laid it out. */
const PRODUCT = new RegExp(`^${PRODUCTS}/(\\d+)/(jar|whole|ours|libraries)/(.+)$`)

/** What our task has copied: each module's jar, and the files of its runtime class path. */
export async function collectGradle(output: Tree, order: Order): Promise<Parts> {
  const products = output.files.flatMap((file) => {
    const [, index = '', kind = '', path = ''] = PRODUCT.exec(file.path) ?? []
    return path.endsWith('.jar') ? [{ file, index, kind, path }] : []
  })
  const modules = products.flatMap(({ file, index, kind }): BuiltModule[] => {
    if (kind !== 'jar' && kind !== 'whole') return []
    const own = products.filter((one) => one.index === index)
    return [{ jar: file, isWhole: kind === 'whole', libraries: own.flatMap(libraryOf) }]
  })
  const [first, ...more] = modules
  if (first) return collectBuilt([first, ...more], output, order)
  throw failed('COMPILE_FAILED', javaFailures.noGradleJar())
}

function libraryOf({ file, kind, path }: { file: TreeFile; kind: string; path: string }) {
  if (kind !== 'ours' && kind !== 'libraries') return []
  const group = path.split('/').slice(0, -3).join('.')
  return [{ file, group, isOurs: kind === 'ours' }]
}
