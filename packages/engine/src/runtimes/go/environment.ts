import { posix } from 'node:path'
import type { Profile } from '@packline/shared'
import { BUILD } from '../../package.ts'

/** What a go command is told besides its arguments. */
interface GoSettings {
  architecture: 'x86_64' | 'aarch64'
  /** `local`, or the release to run, such as "go1.25.1", fetched when it is not in the cache. */
  toolchain: string
  /** The C compiler's variables; undefined: cgo is off. */
  compiler: Readonly<Record<string, string>> | undefined
  offline: boolean
  /** Whether what is compiled is kept for the tenant's next builds; otherwise it goes with this. */
  kept?: boolean
  /** Whether the modules of the go.work above are one source; otherwise it is not looked for. */
  workspace?: boolean
}

/** Names of Go's processors, with the oldest level that every machine of the kind has. */
export const PROCESSORS = {
  x86_64: { GOARCH: 'amd64', GOAMD64: 'v1' },
  aarch64: { GOARCH: 'arm64', GOARM64: 'v8.0' },
} as const

/** A go command's whole environment: caches of the tenant, nothing of the worker's own settings. */
export function goEnvironment(go: { path: string }, settings: GoSettings): Record<string, string> {
  return {
    HOME: BUILD.home,
    PATH: [...new Set([posix.dirname(go.path), '/usr/bin', '/bin'])].join(':'),
    LC_ALL: 'C.UTF-8',
    GOENV: 'off',
    GOTELEMETRY: 'off',
    GOTOOLCHAIN: settings.toolchain,
    GOPATH: `${BUILD.cache}/go`,
    GOMODCACHE: `${BUILD.cache}/go/mod`,
    GOCACHE: (settings.kept ?? true) ? `${BUILD.cache}/go/build` : `${BUILD.home}/go-build`,
    // Intermediate files of a large module do not fit into the sandbox's /tmp.
    GOTMPDIR: BUILD.home,
    // Without it nobody but the user who fetched a module could remove it from the cache.
    GOFLAGS: '-modcacherw',
    ...(settings.workspace ? {} : { GOWORK: 'off' }),
    GOOS: 'linux',
    ...PROCESSORS[settings.architecture],
    CGO_ENABLED: settings.compiler ? '1' : '0',
    ...settings.compiler,
    ...(settings.offline ? { GOPROXY: 'off' } : {}),
  }
}

/** Flags of every build: the same bytes wherever and whenever it is compiled. */
export function buildFlags({ go }: Pick<Profile, 'go'>): string[] {
  // A plugin only loads into a host that was built with the same answer to -trimpath.
  return go.trimpath ? ['-trimpath', '-buildvcs=false'] : ['-buildvcs=false']
}
