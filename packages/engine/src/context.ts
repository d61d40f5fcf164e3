import type { Readable } from 'node:stream'
import type { PackedFile } from '@packline/archive'
import type {
  BuildEventBody,
  BuildRequest,
  DependencyPin,
  Profile,
  SourcePin,
} from '@packline/shared'
import type { Store } from '@packline/stores'
import type { Isolation } from './process/isolation.ts'
import type { Tools } from './tools/tools.ts'

/** Told of everything as it happens. Never throws, never makes the build wait; `pin` alone may. */
export interface Reporter {
  event(body: BuildEventBody): void
  log(line: string): void
  /** Keeps the pin before it is used, so that a later attempt builds the same. */
  pin(pin: SourcePin): Promise<void>
}

/** What an engine has for all its builds. */
export interface Engine {
  profile: Profile
  tools: Tools
  isolation: Isolation
  /** Takes the finished package; all that a build asks of a store. */
  store: Pick<Store, 'put' | 'address'>
  /** Folders of builds are made and removed here. */
  scratchFolder: string
  /** Tools' own download caches, one folder per tenant and user id. */
  cacheFolder: string
  /** Mirrors, proxies and CAs, by the worker's settings. */
  registries: RegistryAccess
  /** Git repositories on this machine's disk may be sources (development, tests). */
  allowLocalGit: boolean
  /** git over plain http is allowed to these hosts only. */
  plainHttpHosts: readonly string[]
}

/** How tools reach the registries. */
export interface RegistryAccess {
  /** What a tool gets in stages with network, by its name, such as "npm". */
  of(tool: string): ToolAccess
  /** Puts `***` in place of the settings' passwords and tokens, in what tools print. */
  hide(text: string): string
}

export interface ToolAccess {
  env: Readonly<Record<string, string>>
  /** Below BUILD.registries, there while the tool runs: path -> content. */
  files: Readonly<Record<string, string | Buffer>>
  /** Folders of the worker, read-only. */
  binds: readonly { from: string; to: string }[]
}

/** One build's surroundings. */
export interface BuildContext extends Engine {
  tenant: string
  signal: AbortSignal
  reporter: Reporter
  /** What an earlier attempt pinned; this attempt builds the same. */
  pinned?: SourcePin
  /** Reads an archive that was uploaded before, by its id; undefined where there is none. */
  openUpload(upload: string): Promise<{ size: number; stream: Readable } | undefined>
  /** Reads a dependency package that the request attaches; undefined where it is not there. */
  openDependency(pin: DependencyPin): Promise<{ size: number; stream: Readable } | undefined>
  /** Where the package goes; a split one as if a request of type `dependency` had made it. */
  keyOfPackage(
    packed: Pick<PackedFile, 'sha256'>,
    format: 'zip' | 'jar',
    request: Pick<BuildRequest, 'type' | 'function'>,
  ): string
}
