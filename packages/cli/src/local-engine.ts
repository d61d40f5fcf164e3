import { constants } from 'node:fs'
import { access, mkdir } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type BuildContext,
  type Engine,
  findIsolation,
  findTools,
  registryAccess,
} from '@packline/engine'
import { findOnPath, registrySettings, userCache } from '@packline/setup'
import type { BuildRequest, Profile } from '@packline/shared'
import type { LocalDependencies } from './local-dependencies.ts'
import { outputFile } from './output-file.ts'
import type { Terminal } from './terminal.ts'

/** An engine on this machine: its tools, its sandbox where there is one, a folder as the store. */
export async function localEngine(
  { environment: given, signal }: Terminal,
  { runtime, type }: Pick<BuildRequest, 'runtime' | 'type'>,
  profile: Profile,
  outputFolder: string,
): Promise<Engine> {
  const home = given.HOME ?? homedir()
  const environment: NodeJS.ProcessEnv = { ...given, HOME: home }
  const scratchFolder = join(tmpdir(), `packline-${process.pid}`)
  // A command line does not install things: the sandbox is there or it is not.
  const bwrap = environment.PACKLINE_BWRAP ?? findOnPath(environment, 'bwrap')
  const [tools, isolation, registries] = await Promise.all([
    findTools({
      path: environment.PATH ?? '',
      home,
      // What serves HTTP may be started by any of the platform's interpreters.
      only: type === 'event' ? runtime : undefined,
    }),
    findIsolation({ bwrap, unsandboxed: bwrap === undefined }),
    registrySettings(environment).then(registryAccess),
  ])
  signal.throwIfAborted()
  return {
    profile,
    tools,
    isolation,
    store: outputFile(outputFolder),
    scratchFolder,
    cacheFolder: await cacheFolder(environment, scratchFolder),
    registries,
    allowLocalGit: true,
    plainHttpHosts: [],
  }
}

/** The user's; where that can not be written, one that goes with the build. */
async function cacheFolder(environment: NodeJS.ProcessEnv, scratch: string): Promise<string> {
  const kept = join(userCache(environment), 'tools')
  const isUsable = await mkdir(kept, { recursive: true })
    .then(() => access(kept, constants.W_OK))
    .then(
      () => true,
      () => false,
    )
  return isUsable ? kept : join(scratch, 'cache')
}

/** One build's surroundings; `outputName` is the file's name in the store's folder. */
export function localContext(
  engine: Engine,
  terminal: Terminal,
  reporter: BuildContext['reporter'],
  outputName: (format: 'zip' | 'jar') => string,
  attached: LocalDependencies,
): BuildContext {
  return {
    ...engine,
    tenant: 'local',
    signal: terminal.signal,
    reporter,
    openUpload: async () => undefined,
    openDependency: attached.open,
    keyOfPackage: (_packed, format) => outputName(format),
  }
}
