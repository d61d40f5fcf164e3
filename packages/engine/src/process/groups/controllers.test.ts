import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from '../limits.ts'
import { CONTROLLERS, settingsOf } from './controllers.ts'

const limits = { ...DEFAULT_LIMITS, memoryBytesMax: 1000, processesMax: 20 }
const texts = (version: 1 | 2, processorsMax?: number, controllers = CONTROLLERS) =>
  settingsOf({ version, folder: '/x', controllers }, { ...limits, processorsMax }).map(
    ({ file, value, optional }) => `${file} ${value}${optional ? ' ?' : ''}`,
  )

describe('settingsOf', () => {
  it('bounds memory without swap, processes, and gives half a share of the processors', () => {
    expect(texts(2)).toEqual([
      'memory.max 1000',
      'memory.swap.max 0 ?',
      'memory.oom.group 1 ?',
      'pids.max 20',
      'cpu.weight 50',
    ])
    expect(texts(1)).toEqual([
      'memory.limit_in_bytes 1000',
      'memory.memsw.limit_in_bytes 1000 ?',
      'pids.max 20',
      'cpu.shares 512',
    ])
  })

  it('bounds the processors where a number is set', () => {
    expect(texts(1, 1.5, ['cpu'])).toEqual(['cpu.shares 512', 'cpu.cfs_quota_us 150000'])
    expect(texts(2, 1.5, ['cpu'])).toEqual(['cpu.weight 50', 'cpu.max 150000 100000'])
  })
})
