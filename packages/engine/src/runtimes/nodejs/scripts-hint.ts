import type { Archive } from '@packline/archive'
import type { Words } from '@packline/shared'
import { scriptsOff } from '../../texts/load.ts'
import { listed } from '../../words.ts'
import type { Subject } from '../runtime.ts'

const MANIFEST = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/@.][^/]*)\/package\.json$/
const MANIFEST_BYTES_MAX = 1024 * 1024
const MANIFESTS_MAX = 2000
const NAMES_SHOWN_MAX = 3
const SCRIPTS = ['preinstall', 'install', 'postinstall']
const MISSING = /Cannot find|ENOENT|Could not locate|No native build was found/
/** Whatever looks for a native file: require(), bindings, node-gyp-build. */
const NATIVE = /\.node\b|No native build was found/

/**
 * What to do where a file is missing that an install script would have made: they are off unless
 * the request allows them. Undefined where none of the packages has one.
 */
export async function scriptsHint(
  { request, package: { archive } }: Subject,
  message: string,
): Promise<Words | undefined> {
  if (request.build.installScripts || !MISSING.test(message)) return undefined
  const names = await withScripts(archive)
  const named = names.filter((name) => message.includes(`node_modules/${name}/`))
  if (named.length > 0) return scriptsOff(listed(named, NAMES_SHOWN_MAX))
  const isNative = NATIVE.test(message) && names.length > 0
  return isNative ? scriptsOff(listed(names, NAMES_SHOWN_MAX)) : undefined
}

async function withScripts(archive: Archive): Promise<string[]> {
  const { entries } = archive
  const paths = new Set(entries.map(({ path }) => path))
  const manifests = entries.filter(({ path, size }) => {
    return MANIFEST.test(path) && size <= MANIFEST_BYTES_MAX
  })
  const names = new Set<string>()
  for (const { path } of manifests.slice(0, MANIFESTS_MAX)) {
    const text = (await archive.read(path, MANIFEST_BYTES_MAX)).toString('utf8')
    // npm compiles what has this file, without being told by a script.
    const compiles = paths.has(path.replace(/package\.json$/, 'binding.gyp'))
    if (compiles || hasScript(text)) names.add(MANIFEST.exec(path)?.[1] ?? '')
  }
  return [...names]
}

function hasScript(text: string): boolean {
  try {
    const scripts: unknown = JSON.parse(text)?.scripts
    const named = typeof scripts === 'object' && scripts !== null ? scripts : {}
    return SCRIPTS.some((name) => name in named)
  } catch {
    // Not what npm installed: it has no script that npm would have run.
    return false
  }
}
