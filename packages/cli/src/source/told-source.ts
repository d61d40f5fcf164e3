import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { PacklineError } from '@packline/shared'

/** What `packline submit` was given: something here that is brought, or an address to fetch. */
export type ToldSource =
  | { kind: 'folder' | 'archive'; path: string }
  | { kind: 'git'; url: string; ref?: string; path?: string }
  | { kind: 'object'; address: string }
  | { kind: 'url'; url: string }

interface Told {
  /** Branch, tag or commit, and folder, of a git repository. */
  ref?: string
  path?: string
}

const GIT = /^git\+(https?|ssh|file):\/\//
const USAGE = 'Give a folder, a ZIP or JAR, s3://bucket/key, https://... or git+https://....'

/** Throws INVALID_REQUEST for what is none of them. */
export async function toldSource(text: string, { ref, path }: Told = {}): Promise<ToldSource> {
  if (GIT.test(text)) {
    const [address = '', fragment] = text.slice('git+'.length).split('#')
    // A repository on the worker's own disk is named by its path.
    const url = address.replace(/^file:\/\//, '')
    return { kind: 'git', url, ref: ref ?? fragment, path }
  }
  if (ref !== undefined || path !== undefined) {
    throw new PacklineError('INVALID_REQUEST', '--ref and --path belong to a git repository', {
      hint: 'Name the repository as git+https://....',
    })
  }
  if (text.startsWith('s3://')) return { kind: 'object', address: text }
  if (/^https?:\/\//.test(text)) return { kind: 'url', url: text }
  const found = await stat(text).catch(() => undefined)
  if (found?.isDirectory()) return { kind: 'folder', path: resolve(text) }
  if (found?.isFile()) return { kind: 'archive', path: resolve(text) }
  const what = found ? `${text} is neither a folder nor a file` : `There is no ${text} here`
  throw new PacklineError('INVALID_REQUEST', what, { hint: USAGE })
}
