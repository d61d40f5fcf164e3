import { constants } from 'node:fs'
import { access, mkdir } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type BuildContext,
  type Engine,
  findIsolation,
  findTools,
  limitsFrom,
  registryAccess,
} from '@packline/engine'
import { makeOutbound } from '@packline/outbound'
import { registrySettings, userCache } from '@packline/setup'
import { type BuildRequest, type Profile, parse, registryHostsVariable } from '@packline/shared'
import { findBwrap } from './find-unpacked.ts'
import type { LocalDependencies } from './local-dependencies.ts'
import { outputFile } from './output-file.ts'
import { mapOf, splitOf } from './result-text.ts'
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
  const variable = 'PACKLINE_REGISTRY_HOSTS'
  const hosts = parse(registryHostsVariable, environment[variable], variable)
  const [tools, isolation, registries] = await Promise.all([
    findTools({
      path: environment.PATH ?? '',
      home,
      // What serves HTTP may be started by any of the platform's interpreters.
      only: type === 'event' ? runtime : undefined,
    }),
    findIsolation({
      bwrap: findBwrap(environment),
      path: environment.PATH ?? '',
      limits: limitsFrom(environment),
    }),
    registrySettings(environment).then((settings) => registryAccess(settings, hosts)),
  ])
  signal.throwIfAborted()
  return {
    profile,
    tools,
    isolation,
    store: outputFile(outputFolder),
    scratchFolder,
    cacheFolder: await cacheFolder(environment, scratchFolder),
    // It builds folders.
    mirrorsBytesMax: 0,
    registries,
    allowLocalGit: true,
    outbound: makeOutbound({ allow: [] }),
    objectStores: [],
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
    openCredential: async () => undefined,
    openDraft: async () => undefined,
    openDependency: attached.open,
    keyOfPackage: (_packed, format, { type }) => {
      if (format === 'map') return mapOf(outputName('zip'))
      return type === 'dependency' ? splitOf(outputName('zip')) : outputName(format)
    },
  }
}
