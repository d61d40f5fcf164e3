import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findIsolation, registryAccess } from '@packline/engine'
import { makeOutbound } from '@packline/outbound'
import { loadProfile } from '@packline/profiles'
import { folderStore } from '@packline/stores'
import type { Logger } from 'pino'
import {
  makeTestInstallation,
  type TestInstallation,
} from '../../../../packages/records/src/test-installation.ts'
import { makeLogger } from '../make-logger.ts'
import { makePlaces } from '../places.ts'
import type { WorkerEngine } from '../worker-engine.ts'

/** For tests: records on the real Redis, an engine with Node.js alone, a store in a folder. */
export interface WorkerInstallation extends TestInstallation {
  engine: WorkerEngine
  logger: Logger
  /** What was logged, newest last. */
  logged: { level: string; msg: string; [name: string]: unknown }[]
}

export async function makeWorkerInstallation(): Promise<WorkerInstallation> {
  const installation = await makeTestInstallation()
  const folder = await mkdtemp(join(tmpdir(), 'packline-worker-'))
  const store = folderStore({ folder: join(folder, 'store') })
  await store.prepare()
  const node = {
    name: 'Node.js',
    version: process.versions.node,
    path: process.execPath,
    binds: [],
  }
  const sh = { name: 'sh', version: 'POSIX', path: '/bin/sh', binds: [] }
  const engine: WorkerEngine = {
    profile: await loadProfile('ctyun-functiongraph'),
    tools: { node, nodes: [node], pythons: [], jdks: [], sh },
    isolation: await findIsolation({ unsandboxed: true, slotsMax: 2 }),
    store,
    toolPlaces: makePlaces(2),
    unsandboxed: 'everybody',
    scratchFolder: join(folder, 'scratch'),
    cacheFolder: join(folder, 'cache'),
    mirrorsBytesMax: 0,
    registries: await registryAccess({}),
    allowLocalGit: false,
    outbound: makeOutbound({ allow: [] }),
    objectStores: [],
    plainHttpHosts: [],
  }
  const logged: WorkerInstallation['logged'] = []
  const write = (line: string) => logged.push(JSON.parse(line))
  const remove = async () => {
    await installation.remove()
    await rm(folder, { recursive: true })
  }
  return { ...installation, engine, logger: makeLogger('info', 'w1', { write }), logged, remove }
}
