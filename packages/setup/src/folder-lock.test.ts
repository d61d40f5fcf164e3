import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/harness/temporary-folder.ts'
import { withFolderLock } from './folder-lock.mjs'

describe('withFolderLock', () => {
  test('lets one in at a time', async () => {
    const lock = path.join(temporaryFolder(), 'lock')
    let inside = 0
    let most = 0
    const visit = () =>
      withFolderLock(lock, async () => {
        most = Math.max(most, ++inside)
        await wait(10)
        inside--
      })
    await Promise.all([visit(), visit(), visit()])
    expect(most).toBe(1)
    expect(existsSync(lock)).toBe(false)
  })

  test('is released when the task fails', async () => {
    const lock = path.join(temporaryFolder(), 'lock')
    const failing = withFolderLock(lock, () => Promise.reject(new Error('broken')))
    await expect(failing).rejects.toThrow('broken')
    expect(await withFolderLock(lock, async () => 'in')).toBe('in')
  })

  test('is taken over from a process that has died', async () => {
    const lock = path.join(temporaryFolder(), 'lock')
    const { pid } = spawnSync('/bin/true')
    await mkdir(lock)
    await writeFile(path.join(lock, 'owner'), String(pid))
    expect(await withFolderLock(lock, async () => 'in')).toBe('in')
  })

  test('is not kept by another program with the number of its dead holder', async () => {
    if (process.platform !== 'linux') return
    const lock = path.join(temporaryFolder(), 'lock')
    await mkdir(lock)
    // Process 1 lives, but did not start so late.
    await writeFile(path.join(lock, 'owner'), '1 99999999999')
    expect(await withFolderLock(lock, async () => 'in', { waitMsMax: 1000 })).toBe('in')
  })

  test('names the process that holds it when the wait is over', async () => {
    const lock = path.join(temporaryFolder(), 'lock')
    await withFolderLock(lock, async () => {
      const second = withFolderLock(lock, async () => 'in', { waitMsMax: 50 })
      await expect(second).rejects.toThrow(`process ${process.pid} holds ${lock}`)
    })
  })

  test('is not waited for after the signal', async () => {
    const lock = path.join(temporaryFolder(), 'lock')
    await withFolderLock(lock, async () => {
      const signal = AbortSignal.timeout(50)
      await expect(withFolderLock(lock, async () => 'in', { signal })).rejects.toThrow(/aborted/)
    })
  })
})
