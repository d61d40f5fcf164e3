import { LIMITS, RUNTIMES, type WorkerView } from '@packline/shared'

export const RUNTIMES_ANSWER = {
  profile: 'ctyun-functiongraph',
  architectures: ['x86_64', 'aarch64'],
  runtimes: [
    {
      name: 'nodejs',
      ...RUNTIMES.nodejs,
      versions: [{ version: '20.15' }],
      default: '20.15',
      handlerForms: ['file.function'],
      preinstalled: [],
    },
  ],
}

export const LIMITS_ANSWER = {
  profile: 'ctyun-functiongraph',
  platform: {
    uploadBytesMax: 52_428_800,
    packageBytesMax: 314_572_800,
    directDeployBytesMax: 52_428_800,
    unpackedBytesMax: 1_610_612_736,
    unpackedWarnBytes: 1_572_864_000,
    dependencyFilesMax: 30_000,
    dependenciesMax: 20,
    dependencyBytesMax: 314_572_800,
    handlerCharsMin: 3,
    handlerCharsMax: 128,
    editorBytesMax: 20_971_520,
  },
  packline: LIMITS,
}

export const WORKER: WorkerView = {
  id: 'worker-1',
  host: 'builder-a',
  pid: 71,
  startedAt: '2026-01-05T07:00:00.000Z',
  seenAt: '2026-01-05T08:00:00.000Z',
  queues: ['nodejs', 'custom'],
  lacks: { go: 'go is not there' },
  buildsMax: 32,
  toolSlots: 4,
  running: 1,
  tools: { node: '20.15.1' },
  isolation: 'sandbox',
  schema: 1,
}
