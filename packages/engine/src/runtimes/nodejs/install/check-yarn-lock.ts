import { failed } from '@packline/shared'
import { nodejsFailures } from '../../../texts/failures/nodejs.ts'
import type { Tree } from '../../../tree.ts'
import { placeInText } from '../manifest.ts'
import { readWorkspaces, record } from '../workspaces.ts'

const FILE_BYTES_MAX = 64 * 1024 * 1024
const FIELDS = ['dependencies', 'devDependencies', 'optionalDependencies'] as const
/** What a lock file has no entry for: it lies in the source. */
const LOCAL = /^(?:file|link|workspace|portal):|^\.{0,2}\//

/**
 * Yarn 1 takes a frozen lock file that lacks what a workspace asks for, and resolves that anew; of
 * the root's it does not say what is missing. Throws INSTALL_FAILED with the place.
 */
export async function checkYarnLock(tree: Tree): Promise<void> {
  const workspaces = await readWorkspaces(tree)
  const [root] = workspaces
  if (!root || !tree.find('yarn.lock')) return
  const names = new Set(workspaces.map(({ manifest }) => manifest.name))
  const resolutions = Object.keys(record(root.manifest.resolutions))
  const locked = keysOf((await tree.read('yarn.lock', FILE_BYTES_MAX)).toString('utf8'))
  for (const { path, text, manifest } of workspaces) {
    for (const field of FIELDS) {
      for (const [name, spec] of Object.entries(record(manifest[field]))) {
        const isOwn = typeof spec !== 'string' || LOCAL.test(spec) || names.has(name)
        if (isOwn || resolutions.some((one) => one.endsWith(name))) continue
        if (!locked.has(`${name}@${spec}`)) throw notLocked(path, text, [field, name], String(spec))
      }
    }
  }
}

/** A tarball of the source itself: Yarn keeps it by name and version, whatever is in it. */
const TARBALL = /^(?:file:|\.{0,2}\/).*\.(?:tgz|tar|tar\.gz)$/
const HASHED = /^ {2}(?:integrity \S|"?resolved"? .*#[0-9a-f]{40})/m

/**
 * Whether all that is installed is named with a digest. Yarn 1 has it in the names of its cache;
 * without one, all libraries of one name and version are the same to it.
 */
export async function namesDigests(tree: Tree): Promise<boolean> {
  if (!tree.find('yarn.lock')) return false
  const text = (await tree.read('yarn.lock', FILE_BYTES_MAX)).toString('utf8')
  const blocks = text.split(/\r?\n(?=[^\s#])/).filter((block) => /^ {2}version /m.test(block))
  const workspaces = await readWorkspaces(tree)
  const specs = workspaces.flatMap(({ manifest }) =>
    FIELDS.flatMap((field) => Object.values(record(manifest[field]))),
  )
  return (
    blocks.every((block) => HASHED.test(block)) &&
    !specs.some((spec) => typeof spec === 'string' && TARBALL.test(spec))
  )
}

/** `"@a/b@^1.0.0", "@a/b@~1":` at the beginning of a line, with quotes where they are needed. */
function keysOf(text: string): ReadonlySet<string> {
  const keys = text.matchAll(/^(?![#\s])(.+):\r?$/gm)
  return new Set(
    [...keys].flatMap(([, key = '']) => key.split(/, (?=")|, (?=[^"]*$)/).map(unquoted)),
  )
}

function unquoted(key: string): string {
  return key.replace(/^"|"$/g, '')
}

function notLocked(path: string, text: string, field: [string, string], spec: string) {
  const place = placeInText(path, text, field)
  return failed('INSTALL_FAILED', nodejsFailures.notLocked(place, `${field[1]}@${spec}`))
}
