import type { Readable } from 'node:stream'
import type { PackedFile } from '@packline/archive'
import type { Outbound } from '@packline/outbound'
import type {
  BuildEventBody,
  BuildRequest,
  CredentialKind,
  CredentialOf,
  CredentialQuery,
  DependencyPin,
  ObjectStore,
  Profile,
  SourcePin,
} from '@packline/shared'
import type { Store } from '@packline/stores'
import type { DeploymentBucket } from './deployment-bucket.ts'
import type { Reach } from './process/command.ts'
import type { Isolation } from './process/isolation.ts'
import type { Tool, Tools } from './tools/tools.ts'

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
  /** Takes packages that only deploy from object storage; none where the profile names none. */
  deploymentBucket?: DeploymentBucket
  /** Folders of builds are made and removed here. */
  scratchFolder: string
  /** Tools' own download caches, one folder per tenant and user id; and mirrors of repositories. */
  cacheFolder: string
  /** What all mirrors together may take; with 0 there are none. */
  mirrorsBytesMax: number
  /** Mirrors, proxies and CAs, by the worker's settings. */
  registries: RegistryAccess
  /** Git repositories on this machine's disk may be sources (development, tests). */
  allowLocalGit: boolean
  /** What leads to the addresses that requests name. */
  outbound: Outbound
  /** Those that sources may lie in. */
  objectStores: readonly ObjectStore[]
  /** git over plain http is allowed to these hosts only. */
  plainHttpHosts: readonly string[]
}

/** How tools reach the registries. */
export interface RegistryAccess {
  /** What a tool gets in stages with network, by its name, such as "npm". */
  of(tool: Pick<Tool, 'name' | 'asks'>, isolation: Isolation['kind']): ToolAccess
  /** The settings' passwords and tokens: no tool's output tells them. */
  secrets: readonly string[]
}

export interface ToolAccess {
  env: Readonly<Record<string, string>>
  /** Below BUILD.registries, there while the tool runs: path -> content. */
  files: Readonly<Record<string, string | Buffer>>
  /** Folders of the worker, read-only. */
  binds: readonly { from: string; to: string }[]
  /** All that a sandbox lets it connect to. */
  reach: readonly Reach[]
}

/** One build's surroundings. */
export interface BuildContext extends Engine {
  tenant: string
  signal: AbortSignal
  reporter: Reporter
  /** Known ones of the request, as far as they are open by now: no tool's output tells them. */
  secrets?(): Iterable<string>
  /** What an earlier attempt pinned; this attempt builds the same. */
  pinned?: SourcePin
  /** Reads an archive that was uploaded before, by its id; undefined where there is none. */
  openUpload(upload: string): Promise<{ size: number; stream: Readable } | undefined>
  /** What the tenant keeps for a server or a store; undefined where nothing fits. */
  openCredential<K extends CredentialKind>(
    query: CredentialQuery<K>,
  ): Promise<CredentialOf<K> | undefined>
  /** Reads what a draft held when the build was accepted; undefined where it is not there. */
  openDraft(sha256: string): Promise<{ size: number; stream: Readable } | undefined>
  /** Reads a dependency package that the request attaches; undefined where it is not there. */
  openDependency(pin: DependencyPin): Promise<{ size: number; stream: Readable } | undefined>
  /**
   * Where the package goes, and a bundle's source map; what is split off as if a request of type
   * `dependency` had made it.
   */
  keyOfPackage(
    packed: Pick<PackedFile, 'sha256'>,
    format: 'zip' | 'jar' | 'map',
    request: Pick<BuildRequest, 'type' | 'function'>,
  ): string | Promise<string>
}
