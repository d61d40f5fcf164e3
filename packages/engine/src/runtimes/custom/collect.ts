import type { Made } from '../../package.ts'
import type { Tree } from '../../tree.ts'
import { isLeftOut } from '../left-out.ts'

/**
 * The source as it stands; bootstrap executable, which a ZIP from Windows or a browser never has.
 */
export async function collect(source: Tree): Promise<Made> {
  const kept = source.files.filter(({ path }) => !isLeftOut(path))
  return {
    format: 'zip',
    entries: kept.map((file) => {
      const entry = source.entry(file)
      return file.path === 'bootstrap' ? { ...entry, executable: true } : entry
    }),
  }
}
