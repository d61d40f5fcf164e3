import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../../../../test/harness/temporary-folder.ts'
import { metIn } from './met.ts'

/** Groups of version 1, one tree for each controller. */
async function first(files: Record<string, string>) {
  const folder = temporaryFolder()
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  return metIn([
    { version: 1, folder, controllers: ['memory'] },
    { version: 1, folder, controllers: ['pids'] },
  ])
}

const control = (kills: number) => `oom_kill_disable 0\nunder_oom 0\noom_kill ${kills}\n`
const used = (bytes: number) => ({
  'memory.limit_in_bytes': '104857600\n',
  'memory.max_usage_in_bytes': `${bytes}\n`,
})

it.each([
  ['its own memory', { 'memory.oom_control': control(1), ...used(104_849_408) }, 'memory'],
  ['the machine’s memory', { 'memory.oom_control': control(1), ...used(5_000_000) }, 'machine'],
  ['memory that was freed', { 'memory.oom_control': control(0), ...used(104_857_600) }, undefined],
  ['processes', { 'memory.oom_control': control(0), 'pids.events': 'max 4\n' }, 'processes'],
  [
    'memory before processes',
    { 'memory.oom_control': control(2), ...used(104_857_600), 'pids.events': 'max 4\n' },
    'memory',
  ],
  ['nothing that is told', {}, undefined],
])('version 1 tells that a command has met %s', async (_, files, met) => {
  expect(await first(files)).toBe(met)
})
