import type { Made } from '../../package.ts'
import type { Tree } from '../../tree.ts'
import type { Order } from '../runtime.ts'
import { packedFolder } from './module.ts'

/** What only the compiler reads; everything else may be read by the program when it runs. */
const COMPILED = /\.(go|c|cc|cpp|h|hh|hpp|s|S|syso)$|^(.*\/)?go\.(mod|sum|work|work\.sum)$/
const FOLDERS = ['vendor', 'testdata']

/** The plugin or executable at the root, beside it what its module has besides code. */
export async function collect(source: Tree, output: Tree, { request }: Order): Promise<Made> {
  const made = output.files.map((file) => ({
    ...output.entry(file),
    // A library is not started; its mode must not depend on what the linker gives it.
    executable: !file.path.endsWith('.so'),
  }))
  const names = new Set(made.map(({ path }) => path))
  const folder = packedFolder(source, request)
  const own = folder === '' ? source : await source.below(folder)
  const kept = own.files.filter(({ path }) => isKept(path) && !names.has(path))
  const isProgram = (path: string) => request.type === 'http' && path === 'bootstrap'
  const beside = kept.map((file) => {
    const entry = own.entry(file)
    return isProgram(file.path) ? { ...entry, executable: true } : entry
  })
  return { format: 'zip', entries: [...made, ...beside] }
}

function isKept(path: string): boolean {
  const folders = path.split('/').slice(0, -1)
  return !COMPILED.test(path) && !folders.some((folder) => FOLDERS.includes(folder))
}
