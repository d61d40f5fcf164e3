import { PacklineError } from '@packline/shared'
import type { Tree } from '../../tree.ts'
import { projectDependencies } from './pyproject.ts'

const MANIFEST_BYTES_MAX = 4 * 1024 * 1024

/** The dependencies that a source asks for. */
export interface Declared {
  path: 'requirements.txt' | 'pyproject.toml'
  /** As a requirements file, where the file itself is not one that tools can read. */
  rewritten?: string
}

/** Files that only tools of their own can read. */
const FOREIGN = [{ path: 'Pipfile', made: 'Pipenv', mend: 'pipenv requirements' }]

/**
 * requirements.txt, else pyproject.toml; undefined where neither asks for anything. Throws
 * MANIFEST_INVALID where dependencies are declared in a form that would be left out silently.
 */
export async function readDeclared(tree: Tree): Promise<Declared | undefined> {
  if (tree.find('requirements.txt')) return requirements(tree)
  if (tree.find('pyproject.toml')) {
    const asked = projectDependencies((await read(tree, 'pyproject.toml')).text)
    if (asked.length === 0) return undefined
    return { path: 'pyproject.toml', rewritten: `${asked.join('\n')}\n` }
  }
  const foreign = FOREIGN.find(({ path }) => tree.find(path))
  if (!foreign) return undefined
  throw new PacklineError(
    'MANIFEST_INVALID',
    `${foreign.path} declares dependencies for ${foreign.made}; expected requirements.txt`,
    { hint: `Write one with: ${foreign.mend} > requirements.txt` },
  )
}

async function requirements(tree: Tree): Promise<Declared | undefined> {
  const { text, asUtf8 } = await read(tree, 'requirements.txt')
  const asks = text.split(/\r?\n/).some((line) => !/^\s*(#|$)/.test(line))
  if (!asks) return undefined
  return { path: 'requirements.txt', ...(asUtf8 ? {} : { rewritten: text }) }
}

/** PowerShell's `>` writes UTF-16 and Chinese Windows GBK; pip and uv read UTF-8. */
async function read(tree: Tree, path: string): Promise<{ text: string; asUtf8: boolean }> {
  const bytes = await tree.read(path, MANIFEST_BYTES_MAX)
  const mark = bytes.subarray(0, 2).toString('hex')
  if (mark === 'fffe' || mark === 'feff') {
    const text = new TextDecoder(mark === 'fffe' ? 'utf-16le' : 'utf-16be').decode(bytes)
    return { text, asUtf8: false }
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), asUtf8: true }
  } catch {
    // Not UTF-8: names of packages are ASCII, so only comments can come out wrong.
    return { text: new TextDecoder('gb18030').decode(bytes), asUtf8: false }
  }
}
