import { expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../../../packages/engine/src/process/limits.ts'
import { startWarnings } from './start-warnings.ts'

const GIB = 1024 ** 3
const settings = { toolSlots: 4, limits: { ...DEFAULT_LIMITS, memoryBytesMax: 4 * GIB } }

test('a worker warns that it has no sandbox, and of more memory than there is', () => {
  const sandbox = { kind: 'sandbox', description: 'bubblewrap' } as const
  const none = { kind: 'none', description: 'no sandbox: it is made by Linux only' } as const
  expect(startWarnings(sandbox, settings, 16 * GIB)).toEqual([])
  expect(startWarnings(none, settings, 16 * GIB)).toEqual([none.description])
  expect(startWarnings(none, settings, 8 * GIB)).toEqual([
    none.description,
    '4 tool slots of 4096 MiB each are more than the 8192 MiB of memory: lower PACKLINE_MEMORY_MIB_MAX or PACKLINE_TOOL_SLOTS',
  ])
  expect(startWarnings(sandbox, { ...settings, toolSlots: 1_000_000 })).toHaveLength(1)
})
