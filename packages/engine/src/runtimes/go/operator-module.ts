import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import type { Words } from '@packline/shared'
import { failed, type PacklineError, type Profile } from '@packline/shared'
import { BUILD } from '../../package.ts'
import { goFailures, NO_MODULE } from '../../texts/failures/go.ts'
import type { Tool } from '../../tools/tools.ts'

const FILES_MAX = 2000
const BYTES_MAX = 16 * 1024 * 1024
/** Tests and examples of the module are not what a function is compiled with. */
const KEPT = /^(?!.*_test\.go$)(?:.+\/)?(?:[^/]+\.(?:go|s|c|h)|go\.mod|go\.sum)$/

/** The platform's Go module as the operator put it into the profile's sdk/go. */
export interface OperatorModule {
  /** Such as "huaweicloud.com/go-runtime". */
  path: string
  /** Below BUILD: path -> text; at a place that is the same on every worker. */
  files: Readonly<Record<string, string>>
  /** Its version is that of its files. */
  tool: Tool
}

/** Where the module lies in a build, so that no path of this machine gets into what is compiled. */
const INSIDE = `${BUILD.root}/sdk/go`

/**
 * Read once for each profile: a worker is started anew after it was changed. Undefined where there
 * is none. Throws TOOL_MISSING where what lies there is no module, or too large for one.
 */
export function operatorModule(profile: Profile): Promise<OperatorModule | undefined> {
  const known = READ.get(profile) ?? read(profile)
  READ.set(profile, known)
  return known
}

const READ = new WeakMap<Profile, Promise<OperatorModule | undefined>>()

async function read({ sdk }: Profile): Promise<OperatorModule | undefined> {
  if (sdk === undefined) return undefined
  const folder = join(sdk, 'go')
  const found = await readdir(folder, { recursive: true }).catch(() => [])
  const names = found.filter((name) => KEPT.test(name)).sort()
  if (names.length === 0) return undefined
  if (names.length > FILES_MAX) throw wrong(folder, NO_MODULE.files(FILES_MAX))
  const files: Record<string, string> = {}
  let left = BYTES_MAX
  for (const name of names) {
    const text = await readFile(join(folder, name), 'utf8')
    left -= text.length
    if (left < 0) throw wrong(folder, NO_MODULE.bytes(BYTES_MAX))
    files[`${INSIDE}/${name}`] = text
  }
  const path = /^module\s+"?([^\s"]+)/m.exec(files[`${INSIDE}/go.mod`] ?? '')?.[1]
  if (path === undefined) throw wrong(folder, NO_MODULE.noGoMod)
  const hash = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16)
  return { path, files, tool: { name: 'platform-sdk', version: hash, path: folder, binds: [] } }
}

function wrong(folder: string, found: Words): PacklineError {
  return failed('TOOL_MISSING', goFailures.operatorModule(folder, found))
}

/** What go.mod or go.work in `folder` of the source is to say beside what it says. */
export function replaceLine({ path }: OperatorModule, folder: string): string {
  const place = posix.join(BUILD.source, folder)
  return `replace ${path} => ${posix.relative(place, INSIDE)}`
}
