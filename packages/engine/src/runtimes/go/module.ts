import type { Tree } from '../../tree.ts'

const GO_MOD_BYTES_MAX = 1024 * 1024

/** What go.mod says, as far as the plan needs it; the go command itself reads the rest. */
export interface Module {
  path: string | undefined
  /** The Go release that the `go` line asks for at least, such as "1.22" or "1.26.3". */
  go: string | undefined
  requires: boolean
  /** Whether the sums of its dependencies are there, so that the same ones come every time. */
  locked: boolean
  /** Whether its dependencies stand in vendor/. */
  vendored: boolean
}

/** go.mod at the root, or undefined where there is none. */
export async function readModule(tree: Tree): Promise<Module | undefined> {
  if (!tree.find('go.mod')) return undefined
  const text = (await tree.read('go.mod', GO_MOD_BYTES_MAX)).toString('utf8')
  const lines = text.replace(/^\uFEFF/, '').replace(/\/\/[^\n]*/g, '')
  return {
    path: /^[ \t]*module[ \t]+"?([^\s"()]+)/m.exec(lines)?.[1],
    go: /^[ \t]*go[ \t]+(\S+)/m.exec(lines)?.[1],
    requires: /^[ \t]*require\b/m.test(lines),
    locked: tree.find('go.sum') !== undefined,
    vendored: tree.find('vendor/modules.txt') !== undefined,
  }
}

/** What `go build` would call the executable: the path's last part, without a major version. */
export function nameOfModule(path: string): string {
  const parts = path.split('/').filter((part) => part !== '')
  const last = parts.at(-1) ?? 'main'
  const unversioned = /^v[0-9]+$/.test(last) && parts.length > 1 ? (parts.at(-2) ?? last) : last
  return unversioned.replace(/\.v[0-9]+$/, '')
}

/** Whether the first of two Go versions is newer; parts that are missing count as 0. */
export function isNewer(one: string, other: string): boolean {
  const numbers = (version: string) => version.split(/[.a-z]+/).map(Number)
  const [a, b] = [numbers(one), numbers(other)]
  const at = [0, 1, 2].find((index) => (a[index] ?? 0) !== (b[index] ?? 0))
  return at !== undefined && (a[at] ?? 0) > (b[at] ?? 0)
}

/** The name of a release's tool chain: since Go 1.21 the first of a line is 1.N.0. */
export function toolchainOf(version: string): string {
  return /^\d+\.\d+$/.test(version) ? `go${version}.0` : `go${version}`
}
