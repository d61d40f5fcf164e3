import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/harness/temporary-folder.ts'
import { ensureImage, findEngine } from './container.ts'

/** A client of an engine whose answers are a shell script; real ones have tests of their own. */
function client(script: string): { folder: string; environment: { PATH: string } } {
  const folder = temporaryFolder()
  writeFileSync(path.join(folder, 'docker'), `#!/bin/sh\necho "$*" >> "${folder}/calls"\n${script}`)
  chmodSync(path.join(folder, 'docker'), 0o755)
  return { folder, environment: { PATH: `${folder}:/usr/bin:/bin` } }
}

describe('findEngine', () => {
  test('is none where there is no client', async () => {
    await expect(findEngine({ PATH: '/nonexistent' })).rejects.toThrow('no container engine')
  })

  test('is none where the client has no engine behind it', async () => {
    const { environment } = client('echo "Cannot connect to the Docker daemon" >&2; exit 1')
    await expect(findEngine(environment)).rejects.toThrow('docker is there but no engine answers')
  })

  test('is the one that answers', async () => {
    const { environment, folder } = client('exit 0')
    expect((await findEngine(environment)).program).toBe(`${folder}/docker`)
  })
})

describe('findEngine and ensureImage', () => {
  test('hear the signal while the client takes its time', async () => {
    const { environment } = client('case "$*" in info) exec sleep 60;; esac; exit 1')
    const started = performance.now()
    const finding = findEngine(environment, AbortSignal.timeout(300))
    await expect(finding).rejects.toMatchObject({ name: 'TimeoutError' })
    const slow = client('case "$*" in pull*) exec sleep 60;; info) exit 0;; esac; exit 1')
    const engine = await findEngine(slow.environment)
    const signal = AbortSignal.timeout(300)
    const pulling = ensureImage(engine, ['first', 'second'], { signal })
    await expect(pulling).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(performance.now() - started).toBeLessThan(4500)
    expect(readFileSync(path.join(slow.folder, 'calls'), 'utf8')).not.toContain(
      'pull --quiet second',
    )
  })
})

describe('ensureImage', () => {
  const calls = (folder: string) => readFileSync(path.join(folder, 'calls'), 'utf8').split('\n')

  test('takes the first image that is there and pulls none', async () => {
    const { environment, folder } = client(
      'case "$*" in *second) exit 0;; info) exit 0;; esac; exit 1',
    )
    const engine = await findEngine(environment)
    expect(await ensureImage(engine, ['first', 'second', 'third'])).toBe('second')
    expect(calls(folder).join(' ')).not.toContain('pull')
  })

  test('pulls the first that can be had when none is there', async () => {
    const { environment } = client('case "$*" in info|"pull --quiet second") exit 0;; esac; exit 1')
    const engine = await findEngine(environment)
    expect(await ensureImage(engine, ['first', 'second'])).toBe('second')
  })

  test('lets one pull have all the time that there is for all', async () => {
    const slow = client(
      'case "$*" in "pull --quiet first") sleep 1.2; exit 0;; info) exit 0;; esac; exit 1',
    )
    const images = ['first', 'second', 'third']
    const engine = await findEngine(slow.environment)
    expect(await ensureImage(engine, images, { pullMsMax: 3000 })).toBe('first')
    const stuck = client('case "$*" in pull*) exec sleep 60;; info) exit 0;; esac; exit 1')
    const other = await findEngine(stuck.environment)
    const pulling = ensureImage(other, images, { pullMsMax: 500 })
    await expect(pulling).rejects.toThrow('within 0.5 s')
    expect(calls(stuck.folder).filter((call) => call.startsWith('pull'))).toEqual([
      'pull --quiet first',
    ])
  })

  test('says which images it looked for when none can be had', async () => {
    const { environment } = client('[ "$*" = info ]')
    const engine = await findEngine(environment)
    await expect(ensureImage(engine, ['first', 'second'])).rejects.toThrow(
      'the engine neither has nor gets first or second within 60 s',
    )
  })
})
