import type { Made } from '../../package.ts'
import type { Tree } from '../../tree.ts'

/**
 * What a command wrote into PACKLINE_OUTPUT, else the source as it stands or as the command left
 * it; bootstrap executable, which a ZIP from Windows or a browser never has.
 */
export async function collect(source: Tree, output: Tree): Promise<Made> {
  const tree = output.files.length > 0 ? output : source
  return {
    format: 'zip',
    entries: tree.files.map((file) => {
      const entry = tree.entry(file)
      return file.path === 'bootstrap' ? { ...entry, executable: true } : entry
    }),
  }
}
