import type { Finding } from '@packline/shared'
import type { Subject } from '../../runtime.ts'
import { entries } from '../plan.ts'
import { ownFiles } from './own-files.ts'
import { checkEncoding } from './python-encoding.ts'
import { checkImports } from './python-resolve.ts'
import { type PythonSource, readSource } from './python-source.ts'
import { checkShadows } from './stdlib-shadow.ts'

/** Longer ones are generated tables; reading all of an own tree stays a matter of seconds. */
const FILE_BYTES_MAX = 512 * 1024
const TREE_BYTES_MAX = 8 * 1024 * 1024

/** The rules that look at the user's own code: python-resolve, stdlib-shadow, python-encoding. */
export async function checkSource(subject: Subject): Promise<readonly Finding[]> {
  const { request, profile, package: packed, dependencies } = subject
  const { version } = request
  const { own, isInstalled } = await ownFiles(packed.archive)
  const sources: PythonSource[] = []
  let left = TREE_BYTES_MAX
  for (const { path, size } of own) {
    if (!path.endsWith('.py') || size > FILE_BYTES_MAX || size > left) continue
    left -= size
    sources.push(readSource(path, await packed.archive.read(path, FILE_BYTES_MAX), version))
  }
  const paths = packed.archive.entries
    .filter(({ kind }) => kind !== 'folder')
    .map(({ path }) => path)
  return [
    ...checkShadows(paths, version, isInstalled),
    ...sources.flatMap(checkEncoding),
    ...(await checkImports(sources, {
      version,
      preinstalled: profile.runtimes.python?.preinstalled ?? [],
      paths,
      isInstalled,
      attached: dependencies.flatMap(({ archive }) => archive.entries.map(({ path }) => path)),
      entry: request.type === 'http' ? undefined : entries(subject)[0],
    })),
  ]
}
