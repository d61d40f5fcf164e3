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

  test('says which images it looked for when none can be had', async () => {
    const { environment } = client('[ "$*" = info ]')
    const engine = await findEngine(environment)
    await expect(ensureImage(engine, ['first', 'second'])).rejects.toThrow(
      'the engine neither has nor gets first or second within 60 s',
    )
  })
})
